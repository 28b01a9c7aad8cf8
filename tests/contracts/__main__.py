"""`python -m tests.contracts` accepts what the rules say of the wrong contracts."""

from tests.contracts.cases import IDS, case_of, problems_of, shown

for rule in IDS:
    folder = case_of(rule, "invalid")
    (folder / "expected.txt").write_text(shown(problems_of(folder)))
