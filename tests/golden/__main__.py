"""`python -m tests.golden` writes every case's expected files anew. Read the diff before you commit it."""

from tests.golden.cases import cases, made, write_expected

for case in cases():
    write_expected(case, made(case))
