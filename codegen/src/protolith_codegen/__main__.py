"""`python -m protolith_codegen` is the `protolith` command."""

from protolith_codegen.cli import main

main()
