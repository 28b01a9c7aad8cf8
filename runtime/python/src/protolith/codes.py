"""The gRPC status codes by their canonical names and numbers."""

from enum import IntEnum


class Code(IntEnum):
    """A gRPC status code; the number is the one on the wire and in google.rpc.Status."""

    OK = 0
    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16

    @classmethod
    def of(cls, number: int) -> "Code":
        """The code with this number; numbers that gRPC does not know are UNKNOWN, as gRPC itself treats them."""
        try:
            return cls(number)
        except ValueError:
            return cls.UNKNOWN
