"""Example answers made from the contract alone: what a scaffolded method returns until it is written."""

from protolith.stub.answer import StubError, stub_answer

__all__ = ["StubError", "stub_answer"]
