"""The opening side: calls of this worker's handlers to other services, carried by the host."""

from typing import Final, Self

from protolith.codes import Code
from protolith.declared import Declared
from protolith.engines.host import frames, metadata
from protolith.engines.host.link import Link
from protolith.engines.host.receiver import Receiver
from protolith.engines.host.sender import Sender
from protolith.engines.host.status import unpacked
from protolith.errors import Cancelled, DeadlineExceeded, ResourceExhausted, RpcError, Unavailable, Unimplemented
from protolith.metadata import MetadataPairs

_HIGHEST: Final = 2**31 - 1
_LONGEST_US: Final = 2**63


class EgressCall:
    """One call to another service. `answers` are its responses' bytes; reading them raises the call's error."""

    __slots__ = ("_egress", "_timer", "answers", "done", "errors", "sender", "stream")

    def __init__(self, egress: "Egress", link: Link, stream: int, timeout: float | None) -> None:
        self._egress = egress
        self.stream = stream
        self.answers: Receiver = link.receiver(stream)
        self.sender: Sender = link.sender(stream)
        self.done = False
        self.errors: Declared | None = None
        """What the rpc lists; the channel sets it."""
        self._timer = None if timeout is None else link.loop.call_later(timeout, self._expire)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Who leaves before the call's end gives it up."""
        self.cancel()

    def cancel(self, code: Code = Code.CANCELLED, error: RpcError | None = None) -> None:
        """Give the call up; no effect when it is over."""
        if not self.done:
            self._egress.send(frames.cancel(self.stream, code))
            self.end(error or Cancelled("the call was given up"))

    def end(self, error: RpcError | None) -> None:
        """The call is over, with an error or OK."""
        self.done = True
        if self._timer is not None:
            self._timer.cancel()
        self._egress.forget(self.stream)
        self.answers.end(error)
        self.sender.stop()

    def receive(self, flags: int, piece: bytes, counted: int) -> None:
        """A piece of an answer came."""
        if flags & frames.NO_MESSAGE:
            return
        try:
            self.answers.add(flags, piece, counted)
        except ResourceExhausted as error:
            self.cancel(Code.CANCELLED, error)

    def _expire(self) -> None:
        self.cancel(Code.DEADLINE_EXCEEDED, DeadlineExceeded("the deadline passed before the answer came"))


class Egress:
    """Calls of even stream ids, by the host's table of methods. Refuses until the worker has said HELLO."""

    def __init__(self, link: Link, methods: tuple[str, ...]) -> None:
        self._link = link
        self._numbers = {path: number for number, path in enumerate(methods)}
        self._open: dict[int, EgressCall] = {}
        self.next_stream = 2
        self._unavailable = "calls to other services begin when the worker is ready, not while its handlers are built"
        self.send = link.outbox.send

    def ready(self) -> None:
        """The worker has said HELLO: calls may begin."""
        self._unavailable = ""

    def open(self, path: str, pairs: MetadataPairs, timeout: float | None, first: bytes | None) -> EgressCall:
        """Send REQUEST, with `first` as its only message when it is given and small. Raises RpcError."""
        number = self._number(path)
        block = metadata.pack(pairs)
        if len(block) > frames.MAX_BLOCK:
            raise ResourceExhausted(f"metadata of {len(block)} bytes is larger than {frames.MAX_BLOCK}")
        flags = frames.NO_MESSAGE if first is None else frames.END
        timeout_us = 0 if timeout is None else max(1, min(int(timeout * 1e6), _LONGEST_US))
        stream = self._new_stream()
        self.send(frames.request(stream, flags, number, timeout_us, block, first or b""))
        call = self._open[stream] = EgressCall(self, self._link, stream, timeout)
        return call

    def _number(self, path: str) -> int:
        if self._unavailable:
            raise Unavailable(self._unavailable)
        if path not in self._numbers:
            raise Unimplemented(f"the host knows no method {path}")
        return self._numbers[path]

    def _new_stream(self) -> int:
        stream = self.next_stream
        while stream in self._open:
            stream = stream + 2 if stream < _HIGHEST - 1 else 2
        self.next_stream = stream + 2 if stream < _HIGHEST - 1 else 2
        return stream

    def forget(self, stream: int) -> None:
        self._open.pop(stream, None)

    def on_response(self, stream: int, flags: int, code: int, status: bytes, message: bytes) -> None:
        call = self._open.get(stream)
        if call is None:
            return
        call.receive(flags, message, 0)
        if not call.done:
            call.end(None if code == 0 else unpacked(code, status, call.errors))

    def on_data(self, stream: int, flags: int, piece: bytes) -> None:
        call = self._open.get(stream)
        if call is not None:
            call.receive(flags, piece, frames.HEADER.size + len(piece))

    def on_credit(self, stream: int, size: int) -> None:
        call = self._open.get(stream)
        if call is not None:
            call.sender.add(size)

    def fail_all(self) -> None:
        """The host is gone."""
        self._unavailable = "the host is gone"
        for call in tuple(self._open.values()):
            call.end(Unavailable(self._unavailable))
