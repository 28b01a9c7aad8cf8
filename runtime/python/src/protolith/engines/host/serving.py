"""The accepting side: calls from the host, each run in place or in a Task of its own."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import TypeAlias, TypeVar

from protolith.context import CURRENT
from protolith.dispatch import BoundMethod, StreamStream, StreamUnary, UnaryStream, UnaryUnary
from protolith.engines.host import frames
from protolith.engines.host.call import Call, OpenCall
from protolith.engines.host.decoder import ProtocolViolation
from protolith.engines.host.in_place import run_in_place
from protolith.engines.host.link import Link
from protolith.errors import Cancelled, DeadlineExceeded, ResourceExhausted, RpcError, Unimplemented

T = TypeVar("T")
Work: TypeAlias = Callable[[OpenCall, T], Coroutine[None, None, None]]


class Serving:
    """Calls of odd stream ids. While draining, `idle` is called as soon as no handler runs."""

    def __init__(self, link: Link, methods: Sequence[BoundMethod], idle: Callable[[], None]) -> None:
        self._link = link
        self._small = link.small
        self._methods = methods
        self._paths = [bound.method.path for bound in methods]
        self._runs = [bound.run if isinstance(bound, UnaryUnary) else None for bound in methods]
        self._open: dict[int, OpenCall] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._draining = False
        self._idle = idle

    def on_request(self, stream: int, flags: int, method: int, timeout_us: int, block: bytes, message: bytes) -> None:
        if not stream & 1 or stream in self._open:
            raise ProtocolViolation(f"stream {stream} is open already" if stream & 1 else f"stream {stream} is even")
        if method >= len(self._runs) or len(message) > self._link.limit:
            self._refuse(stream, method)
            return
        run = self._runs[method]
        if run is None or flags != frames.END:
            self._start(OpenCall(self._link, stream, self._paths[method], block, timeout_us), method, flags, message)
            return
        call = Call(self._link, stream, self._paths[method], block, timeout_us)
        try:
            answer = run_in_place(self._link.loop, run, message, call)
        except RpcError as error:
            call.fail(error)
        except asyncio.CancelledError:
            call.fail(Cancelled("the handler cancelled itself"))
        else:
            if len(answer) <= self._small:
                call.finish(answer)
            else:
                self._answer_later(call, answer)

    def _refuse(self, stream: int, method: int) -> None:
        call = Call(self._link, stream, "", b"", 0)
        if method >= len(self._paths):
            call.fail(Unimplemented(f"the worker has no method number {method}"))
        else:
            call.fail(ResourceExhausted(f"the message is larger than {self._link.limit} bytes"))

    def _answer_later(self, call: Call, answer: bytes) -> None:
        """A big answer waits for credit, so it needs a Task after all."""
        later = OpenCall(self._link, call.stream, call.method, b"", 0)
        later.deadline = call.deadline
        later.trailing = call.trailing
        self._spawn(later, OpenCall.answer, answer)

    def _start(self, call: OpenCall, method: int, flags: int, message: bytes) -> None:
        bound = self._methods[method]
        if flags == frames.END and not bound.method.client_streaming:
            call.request = message
        else:
            _receive(call, flags, message, 0)
        self._spawn(call, _handle, bound)

    def _spawn(self, call: OpenCall, work: Work[T], argument: T) -> None:
        self._open[call.stream] = call
        remaining = call.time_remaining()
        if remaining is not None:
            call.timer = self._link.loop.call_later(remaining, self._expire, call)
        call.task = _new_task(self._link.loop, self._run(call, work, argument))

    async def _run(self, call: OpenCall, work: Work[T], argument: T) -> None:
        """The body of a call's Task: whatever happens, the call gets one answer."""
        CURRENT.set(call)
        try:
            await work(call, argument)
        except RpcError as error:
            call.fail(error)
        except asyncio.CancelledError:
            call.fail(Cancelled("the handler was cancelled"))
        finally:
            self._close(call)

    def _close(self, call: OpenCall) -> None:
        if call.timer is not None:
            call.timer.cancel()
        if self._open.get(call.stream) is call:
            del self._open[call.stream]
        self._note_idle()

    def _expire(self, call: OpenCall) -> None:
        self._abandon(call, DeadlineExceeded("the deadline passed before the handler was done"))

    def _abandon(self, call: OpenCall, error: RpcError | None) -> None:
        """Cancel the handler; the stream ends now, with `error` as its answer or with none."""
        if error is not None:
            call.fail(error)
        call.over = True
        self._ending.add(call.task)
        call.task.add_done_callback(self._ended)
        call.task.cancel()
        self._close(call)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._ending.discard(task)
        self._note_idle()

    def on_data(self, stream: int, flags: int, piece: bytes) -> None:
        call = self._open.get(stream)
        if call is None or call.receiver is None or call.receiver.ended:
            return
        try:
            _receive(call, flags, piece, frames.HEADER.size + len(piece))
        except ResourceExhausted as error:
            self._abandon(call, error)

    def on_cancel(self, stream: int) -> None:
        call = self._open.get(stream)
        if call is not None:
            self._abandon(call, None)

    def on_credit(self, stream: int, size: int) -> None:
        call = self._open.get(stream)
        if call is not None:
            call.credit(size)

    def drain(self) -> None:
        """Call `idle` when the last handler is over."""
        self._draining = True
        self._note_idle()

    def cancel_all(self) -> None:
        """The host is gone: cancel every handler, answer none."""
        for call in tuple(self._open.values()):
            self._abandon(call, None)

    def _note_idle(self) -> None:
        if self._draining and not self._open and not self._ending:
            self._idle()


async def _handle(call: OpenCall, bound: BoundMethod) -> None:
    match bound:
        case UnaryUnary():
            await call.answer(await bound.call(await call.only_request(), call))
        case UnaryStream():
            await call.stream_answers(bound.call(await call.only_request(), call))
        case StreamUnary():
            await call.answer(await bound.call(call.requests(), call))
        case StreamStream():
            await call.stream_answers(bound.call(call.requests(), call))


def _receive(call: OpenCall, flags: int, piece: bytes, counted: int) -> None:
    receiver = call.requests()
    if not flags & frames.NO_MESSAGE:
        receiver.add(flags, piece, counted)
    if flags & frames.END:
        receiver.end()


def _new_task(loop: asyncio.AbstractEventLoop, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
    """A Task; where Python has eager ones (3.12), it runs at once as far as it gets without waiting."""
    if sys.version_info >= (3, 12):
        return asyncio.Task(work, loop=loop, eager_start=True)
    return asyncio.Task(work, loop=loop)
