"""Contracts that break one rule each, what is said of them word for word, and contracts that keep it.

`invalid/<rule>/{case.proto,expected.txt}` and `valid/<rule>/case.proto`; `options.yaml` where protolith.yaml matters.
Accept new wording with `python -m tests.contracts`, and read the diff before you commit it.
"""
