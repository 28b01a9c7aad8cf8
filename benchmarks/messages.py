"""Requests and answers of the cases as bytes, from the contract itself."""

import functools
import json
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.message import Message

from benchmarks import HERE
from benchmarks.cases import Case


@functools.cache
def _pool() -> descriptor_pool.DescriptorPool:
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString((HERE / "generated" / "image.binpb").read_bytes()).file:
        pool.Add(file)
    return pool


def request_class(case: Case) -> type[Message]:
    """The class of the rpc's request."""
    return message_factory.GetMessageClass(_method(case).input_type)


def answer_class(case: Case) -> type[Message]:
    """The class of the rpc's answer."""
    return message_factory.GetMessageClass(_method(case).output_type)


def _method(case: Case) -> Any:
    return _pool().FindServiceByName(case.service).methods_by_name[case.rpc]


def request_bytes(case: Case, request: dict[str, Any]) -> bytes:
    """A request as it goes over the wire: protobuf for gRPC, JSON for REST, nothing for a GET."""
    if case.http is None:
        return json_format.ParseDict(request, request_class(case)()).SerializeToString()
    return json.dumps(request, separators=(",", ":")).encode() if case.http.method != "GET" else b""


def grpc_frame(message: bytes) -> bytes:
    """A message as gRPC frames it: not compressed, its length, itself."""
    return b"\0" + len(message).to_bytes(4, "big") + message
