"""What one call does, as closures made once a method: parse, validate, run the handler, serialize.

Every failure leaves as an RpcError; only cancellation passes as it is.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from typing import Any, TypeAlias

from google.protobuf.message import DecodeError, Message

from protolith.context import Context
from protolith.declared import Declared, is_declared
from protolith.errors import InvalidArgument
from protolith.generated import Method
from protolith.undeclared import undeclared
from protolith.validation import answer_checker, checker

Parse: TypeAlias = Callable[[bytes], Message]
Serialize: TypeAlias = Callable[[Message], bytes]
Handler: TypeAlias = Callable[..., Any]
AnswerStream: TypeAlias = AsyncGenerator[bytes, None]


def parser(method: Method[Any, Any]) -> Parse:
    decode, check, name = method.request.FromString, checker(method.request), method.request.DESCRIPTOR.full_name

    def parse(data: bytes) -> Message:
        try:
            message: Message = decode(data)
        except DecodeError as error:
            raise InvalidArgument(f"the request is not a valid {name}: {_decoder_says(error)}") from None
        if check is not None:
            check(message)
        return message

    return parse


def _decoder_says(error: DecodeError) -> str:
    """The decoder's reason without its own preamble, `Error parsing message with type 'x': reason`."""
    return str(error).partition("': ")[2] or str(error)


def serializer(method: Method[Any, Any], *, validate: bool = False) -> Serialize:
    """`validate`: an answer that breaks its own rules is an error of ours."""
    response, check = method.response, answer_checker(method.response) if validate else None

    def serialize(message: Message) -> bytes:
        if type(message) is not response:
            raise TypeError(f"{method.attribute} answered {type(message).__name__}, not {response.__name__}")
        if check is not None:
            check(message)
        return message.SerializeToString()

    return serialize


def run(
    parse: Parse, handler: Handler, serialize: Serialize, errors: Declared | None
) -> Callable[[bytes, Context], bytes]:
    def run(data: bytes, context: Context) -> bytes:
        try:
            handler(parse(data), context).send(None)
        except StopIteration as done:
            try:
                return serialize(done.value)
            except Exception as error:
                raise undeclared(error, context) from error
        except Exception as error:
            if is_declared(error, errors):
                raise
            raise undeclared(error, context) from error
        raise undeclared(RuntimeError("a handler without an await point suspended"), context)

    return run


def unary_unary(
    parse: Parse, handler: Handler, serialize: Serialize, errors: Declared | None
) -> Callable[[bytes, Context], Awaitable[bytes]]:
    async def call(data: bytes, context: Context) -> bytes:
        try:
            return serialize(await handler(parse(data), context))
        except Exception as error:
            if is_declared(error, errors):
                raise
            raise undeclared(error, context) from error

    return call


def stream_unary(
    parse: Parse, handler: Handler, serialize: Serialize, errors: Declared | None
) -> Callable[[AsyncIterator[bytes], Context], Awaitable[bytes]]:
    async def call(messages: AsyncIterator[bytes], context: Context) -> bytes:
        try:
            return serialize(await handler(_parsed(parse, messages), context))
        except Exception as error:
            if is_declared(error, errors):
                raise
            raise undeclared(error, context) from error

    return call


def unary_stream(
    parse: Parse, handler: Handler, serialize: Serialize, errors: Declared | None
) -> Callable[[bytes, Context], AnswerStream]:
    async def call(data: bytes, context: Context) -> AnswerStream:
        try:
            async with _closing(handler(parse(data), context)) as answers:
                async for answer in answers:
                    yield serialize(answer)
        except Exception as error:
            if is_declared(error, errors):
                raise
            raise undeclared(error, context) from error

    return call


def stream_stream(
    parse: Parse, handler: Handler, serialize: Serialize, errors: Declared | None
) -> Callable[[AsyncIterator[bytes], Context], AnswerStream]:
    async def call(messages: AsyncIterator[bytes], context: Context) -> AnswerStream:
        try:
            async with _closing(handler(_parsed(parse, messages), context)) as answers:
                async for answer in answers:
                    yield serialize(answer)
        except Exception as error:
            if is_declared(error, errors):
                raise
            raise undeclared(error, context) from error

    return call


async def _parsed(parse: Parse, messages: AsyncIterator[bytes]) -> AsyncIterator[Message]:
    async for data in messages:
        yield parse(data)


def _closing(answers: AsyncIterator[Message]) -> AbstractAsyncContextManager[AsyncIterator[Message]]:
    """Closes a handler's generator with its call; a handler may also return a plain iterator, which has no aclose."""
    return aclosing(answers) if isinstance(answers, AsyncGenerator) else nullcontext(answers)
