"""Reflection of the grpcio engine shows rules as their author wrote them, not as the engine runs them."""

from pathlib import Path

import grpc
from buf.validate import validate_pb2 as buf
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from validate import validate_pb2 as pgv

from tests.behaviour.servers import grpcio_engine


def test_rules_as_written() -> None:
    with grpcio_engine() as addresses, grpc.insecure_channel(addresses.echo) as channel:
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        asked = reflection_pb2.ServerReflectionRequest(file_containing_symbol="behaviour.echo.v1.EchoService")
        (answer,) = stub.ServerReflectionInfo(iter([asked]))
        files = map(FileDescriptorProto.FromString, answer.file_descriptor_response.file_descriptor_proto)
        (file,) = [each for each in files if Path(each.name).name == "echo.proto"]
        (judge,) = [each for each in file.message_type if each.name == "JudgeRequest"]
        fields = {each.name: each.options for each in judge.field}
        assert fields["code"].Extensions[pgv.rules].string.ignore_empty
        assert not fields["code"].HasExtension(buf.field)
        assert fields["both"].Extensions[buf.field].string.max_len == 5
