"""What is measured: one rpc a case, its request, the answer that every server must give, and who is compared."""

from dataclasses import dataclass
from typing import Any, Final

STREAM_MESSAGES: Final = 100

_ABOUT = "hello there, this is me"
_AVATAR = "https://cdn.example.com/a/1.png"
_USER = {"id": "1", "nickname": "alice_w", "about": _ABOUT, "avatarUrl": _AVATAR}
_CREATE = {"email": "alice@example.com", "nickname": "alice_w", "about": _ABOUT, "avatarUrl": _AVATAR}
_CREATE_BAD = {**_CREATE, "email": "alice", "nickname": "A"}
_PROFILE_ID = 50_000


def profile(id: int) -> dict[str, str]:
    """One row of the table, as proto3 JSON."""
    return {"id": str(id), "nickname": f"user_{id}", "about": _ABOUT, "avatarUrl": _AVATAR}


@dataclass(frozen=True, slots=True)
class Http:
    """How REST calls the rpc."""

    method: str
    path: str
    bad_path: str


@dataclass(frozen=True, slots=True)
class Case:
    """One comparison. Requests and answers are proto3 JSON; `bad` breaks the rules of the fields in `bad_fields`."""

    name: str
    servers: tuple[str, ...]
    service: str
    rpc: str
    request: dict[str, Any]
    answer: dict[str, Any]
    bad: dict[str, Any]
    bad_fields: tuple[str, ...]
    http: Http | None = None
    """None is gRPC."""
    messages: int = 1
    """Answers a call: more than one is a stream."""
    database: bool = False

    @property
    def path(self) -> str:
        """The rpc's path in gRPC and Connect."""
        return f"/{self.service}/{self.rpc}"

    def http_of(self, server: str) -> Http | None:
        """How this server is called; the Connect protocol has paths of its own."""
        if self.http and server.startswith("connectrpc"):
            return Http("POST", self.path, self.path)
        return self.http

    @property
    def backend(self) -> str:
        """The name of the service's handlers."""
        return self.service.split(".")[1]

    @property
    def compared(self) -> tuple[str, ...]:
        """The peers: every server that is not ours."""
        return tuple(server for server in self.servers if not server.startswith("protolith"))


def _create(name: str, servers: tuple[str, ...], http: Http | None = None) -> Case:
    return Case(
        name=name,
        servers=servers,
        service="bench.user.v1.UserService",
        rpc="CreateUser",
        request=_CREATE,
        answer={"user": _USER},
        bad=_CREATE_BAD,
        bad_fields=("email", "nickname"),
        http=http,
    )


def _get(name: str, servers: tuple[str, ...], http: Http | None = None) -> Case:
    return Case(
        name=name,
        servers=servers,
        service="bench.store.v1.StoreService",
        rpc="GetProfile",
        request={"id": str(_PROFILE_ID)},
        answer={"profile": profile(_PROFILE_ID)},
        bad={"id": "0"},
        bad_fields=("id",),
        http=http,
        database=True,
    )


_GRPC = ("protolith", "protolith-grpcio", "grpcio-aio", "grpcio-sync", "grpclib", "connectrpc-pyvoy", "grpc-go")
_POST = Http("POST", "/v1/users", "/v1/users")
_LAST_USER = {"id": str(STREAM_MESSAGES - 1), "nickname": "alice_w", "about": "hello", "avatarUrl": _AVATAR}

CASES: Final = (
    _create("grpc_unary", _GRPC),
    _create("rest_one_hop", ("protolith", "connectrpc-uvicorn", "fastapi-uvicorn", "grpc-gateway-go"), _POST),
    _create("rest_two_hops", ("protolith", "protolith-grpcio", "grpc-gateway-grpcio"), _POST),
    Case(
        name="grpc_stream",
        servers=_GRPC,
        service="bench.user.v1.UserService",
        rpc="ListUsers",
        request={"count": STREAM_MESSAGES},
        answer={"user": _LAST_USER},
        bad={"count": 0},
        bad_fields=("count",),
        messages=STREAM_MESSAGES,
    ),
    _get("grpc_db", ("protolith", "protolith-grpcio", "grpcio-aio")),
    _get("rest_db", ("protolith", "fastapi-uvicorn"), Http("GET", f"/v1/profiles/{_PROFILE_ID}", "/v1/profiles/0")),
)
