"""The engine that serves rules, asked about them: what it refuses to compile, it would refuse when a service starts."""

from collections.abc import Sequence

from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from protovalidate import CompilationError, EvaluationError, Validator

_CERTAIN = ("no_such_field", "No matching overloads", "outputs an unexpected type", "non-message type")
"""Failures on an empty message that no other message mends: an expression with a wrong type or name."""


class Engine:
    """One set of files. Raises TypeError, as protobuf does, where they do not belong together."""

    def __init__(self, files: Sequence[FileDescriptorProto]) -> None:
        self._pool = DescriptorPool()
        for file in files:
            self._pool.AddSerializedFile(file.SerializeToString())
        self._validator = Validator()

    def refusal(self, message: str) -> str:
        """What the engine says against the rules of a message, by its full name; empty when it takes them."""
        try:
            empty = GetMessageClass(self._pool.FindMessageTypeByName(message))()
            self._validator.collect_violations(empty)
        except CompilationError as error:
            return _short(str(error))
        except EvaluationError as error:
            text = _short(str(error))
            return text if any(each in text for each in _CERTAIN) else ""
        return ""

    def may_run(self, message: str) -> bool:
        """Whether its rules compile and can be run on an empty message."""
        try:
            self._validator.collect_violations(GetMessageClass(self._pool.FindMessageTypeByName(message))())
        except (CompilationError, EvaluationError):
            return False
        return True


def _short(text: str) -> str:
    """The first line, without what names the engine's own steps."""
    return text.splitlines()[0].strip()
