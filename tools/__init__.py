"""What `make` runs: set up, lint, check, test. Standard library only, for there may be no .venv yet."""
