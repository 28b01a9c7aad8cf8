"""`python -m tests.golden` writes every case's expected files anew. Read the diff before you commit it."""

from tests.golden.broken import CASES, shown
from tests.golden.cases import cases, made, write_expected

for case in cases():
    write_expected(case, made(case))
for broken in CASES:
    broken.with_suffix(".txt").write_text(shown(broken)[1])
