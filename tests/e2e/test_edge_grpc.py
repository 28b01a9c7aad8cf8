"""The edge's own gRPC port: the public rpcs, as they are, and nothing else."""

import grpc
import grpc.aio
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2
from messenger.auth.v1 import auth_pb2
from messenger.user.v1 import user_pb2

from tests.behaviour.caller import Caller, details, violations
from tests.e2e.test_users import nickname

INTERNAL = {"VerifyToken", "GetUserRoles"}


@pytest.fixture
def users(edge: grpc.aio.Channel) -> Caller:
    """UserService through the edge."""
    return Caller(edge, "messenger.user.v1.UserService")


async def test_a_public_rpc_answers(users: Caller) -> None:
    request = user_pb2.CreateUserRequest(nickname=nickname())
    user = (await users.unary("CreateUser", request, user_pb2.CreateUserResponse)).user
    answer = await users.unary("GetUser", user_pb2.GetUserRequest(user_id=user.id), user_pb2.GetUserResponse)
    assert answer.user == user


async def test_broken_rules_are_named(users: Caller) -> None:
    request = user_pb2.CreateUserRequest(nickname="NO", about="x" * 501)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await users.unary("CreateUser", request, user_pb2.CreateUserResponse)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert set(violations(caught.value)) == {"nickname", "about"}


async def test_a_declared_error_arrives_with_its_error_info(users: Caller) -> None:
    request = user_pb2.CreateUserRequest(nickname=nickname())
    await users.unary("CreateUser", request, user_pb2.CreateUserResponse)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await users.unary("CreateUser", request, user_pb2.CreateUserResponse)
    assert caught.value.code() == grpc.StatusCode.ALREADY_EXISTS
    metadata = {"nickname": request.nickname}
    info = error_details_pb2.ErrorInfo(domain="messenger.user.v1", reason="NICKNAME_TAKEN", metadata=metadata)
    assert details(caught.value) == [info]


@pytest.mark.parametrize("data", [b"\x0a\x05ab", b"\x0a\x02\xff\xfe"])
async def test_what_cannot_be_decoded_is_invalid_argument(users: Caller, data: bytes) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await users.unary("CreateUser", data, user_pb2.CreateUserResponse)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT


async def test_oversized_is_resource_exhausted(users: Caller) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        request = user_pb2.CreateUserRequest(about="x" * 5_000_000)
        await users.unary("CreateUser", request, user_pb2.CreateUserResponse)
    assert caught.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


@pytest.mark.parametrize("name", sorted(INTERNAL))
async def test_an_internal_rpc_is_not_there(edge: grpc.aio.Channel, name: str) -> None:
    auth = Caller(edge, "messenger.auth.v1.AuthService")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await auth.unary(name, auth_pb2.GetUserRolesRequest(), auth_pb2.GetUserRolesResponse)
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


async def test_health(edge: grpc.aio.Channel) -> None:
    health = Caller(edge, "grpc.health.v1.Health")
    answer = await health.unary("Check", health_pb2.HealthCheckRequest(), health_pb2.HealthCheckResponse)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_reflection_shows_public_rpcs_with_the_rules_of_their_author(edge: grpc.aio.Channel) -> None:
    reflection = Caller(edge, "grpc.reflection.v1alpha.ServerReflection")
    call = reflection.bidi("ServerReflectionInfo", reflection_pb2.ServerReflectionResponse)
    symbol = "messenger.auth.v1.AuthService"
    await call.write(reflection_pb2.ServerReflectionRequest(file_containing_symbol=symbol))
    files = (await call.read()).file_descriptor_response.file_descriptor_proto
    await call.done_writing()
    file = FileDescriptorProto.FromString(files[0])
    names = {method.name for service in file.service for method in service.method}
    assert "Login" in names and not names & INTERNAL
    assert "validate/validate.proto" in file.dependency and "buf/validate/validate.proto" not in file.dependency
