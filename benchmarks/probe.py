"""Asks a server for the right answer before it is measured, and for the refusal of a request that breaks rules."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any, Final

import grpc
from google.protobuf import json_format

from benchmarks import BenchError
from benchmarks.cases import Case, Http
from benchmarks.messages import answer_class, request_bytes

_READY_SECONDS: Final = 20
_TIMEOUT: Final = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: gRPC's status (0 is OK) or HTTP's, the messages as proto3 JSON, the error's text."""

    status: int
    messages: list[dict[str, Any]]
    size: int
    """Bytes of all messages together, without gRPC's framing."""
    text: str = ""


def probe(case: Case, server: str, port: int) -> int:
    """Check one server. Returns the bytes of a right answer; raises BenchError on a wrong one."""
    good = _ready(case, server, port)
    if good.messages[-1:] != [case.answer] or len(good.messages) != case.messages:
        raise BenchError(
            f"{case.name}: {server} answers wrongly: status {good.status}, {len(good.messages)} of {case.messages}"
            f" messages, the last is {good.messages[-1:]}, not {case.answer} {good.text}"
        )
    bad = _call(case, server, port, case.bad, bad=True)
    if bad.status not in (3, 400, 422) or not all(field in bad.text for field in case.bad_fields):
        raise BenchError(
            f"{case.name}: {server} does not refuse a request with wrong {' and '.join(case.bad_fields)}:"
            f" status {bad.status}, {bad.text or bad.messages}"
        )
    return good.size


def _ready(case: Case, server: str, port: int) -> Answer:
    """The first answer; a server that listens may still be starting its workers."""
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        answer = _call(case, server, port, case.request)
        unavailable = answer.status in (grpc.StatusCode.UNAVAILABLE.value[0], 502, 503)
        if not unavailable or time.monotonic() > deadline:
            return answer
        time.sleep(0.1)


def _call(case: Case, server: str, port: int, request: dict[str, Any], bad: bool = False) -> Answer:
    body = request_bytes(case, request)
    how = case.http_of(server)
    return _grpc(case, port, body) if how is None else _rest(how, port, body, bad)


def _grpc(case: Case, port: int, body: bytes) -> Answer:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        try:
            found: list[bytes] = list(channel.unary_stream(case.path, as_it_is, as_it_is)(body, timeout=_TIMEOUT))
        except grpc.RpcError as error:
            return Answer(error.code().value[0], [], 0, error.details() or "")
    parse = answer_class(case).FromString
    return Answer(0, [json_format.MessageToDict(parse(data)) for data in found], sum(map(len, found)))


def as_it_is(data: bytes) -> bytes:
    """What turns bytes into a message where messages are bytes."""
    return data


def _rest(how: Http, port: int, body: bytes, bad: bool) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        headers = {"Content-Type": "application/json"} if body else {}
        connection.request(how.method, how.bad_path if bad else how.path, body or None, headers)
        response = connection.getresponse()
        data = response.read()
    except OSError as error:
        return Answer(503, [], 0, str(error))
    finally:
        connection.close()
    text = data.decode()
    return Answer(response.status, [json.loads(text)] if response.status == 200 else [], len(data), text)
