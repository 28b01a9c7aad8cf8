"""What the runner is told, and what it says when it cannot be so."""

import socket
import sys
from pathlib import Path

import pytest
from protolith.stack.address import Address, free_port, require_free, resolve
from protolith.stack.settings import read_settings
from protolith.startup import StartError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two services, one of which has migrations."""
    (tmp_path / "protolith.yaml").touch()
    for folder in ("handlers/chat", "handlers/user/migrations"):
        (tmp_path / folder).mkdir(parents=True)
    for service in ("chat", "user"):
        (tmp_path / "handlers" / service / "__init__.py").touch()
    return tmp_path


def test_the_defaults(project: Path) -> None:
    settings = read_settings({}, project / "handlers" / "user")
    assert (settings.root, settings.data) == (project, project / ".data")
    assert (settings.engine, settings.topology) == ("host", "one")
    assert [str(address) for address in settings.edge.values()] == [
        "127.0.0.1:8080",
        "127.0.0.1:9090",
        "127.0.0.1:8081",
    ]
    assert settings.environment["PROTOLITH_PYTHON"] == sys.executable
    assert settings.services() == ["chat", "user"]
    assert list(settings.migrations()) == ["user"]


def test_what_the_environment_says(project: Path, tmp_path: Path) -> None:
    environment = {"PROTOLITH_ENGINE": "grpcio", "TOPOLOGY": "services", "PROTOLITH_GRPC_ADDR": ""}
    settings = read_settings({**environment, "PROTOLITH_DATA": "/elsewhere"}, project)
    assert (settings.engine, settings.topology) == ("grpcio", "services")
    assert settings.edge["PROTOLITH_GRPC_ADDR"] is None
    assert settings.data == Path("/elsewhere")


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"ENGINE": "java"}, "ENGINE=java is not known: it is host or grpcio"),
        ({"TOPOLOGY": "ring"}, "TOPOLOGY=ring is not known: it is one or services"),
        ({"PROTOLITH_REST_ADDR": "8080"}, "PROTOLITH_REST_ADDR=8080 is no address: write host:port"),
        ({"PROTOLITH_REST_ADDR": "localhost:http"}, "PROTOLITH_REST_ADDR=localhost:http is no address"),
        ({"PROTOLITH_REST_ADDR": "localhost:70000"}, "PROTOLITH_REST_ADDR=localhost:70000 is no address"),
    ],
)
def test_what_cannot_be(project: Path, environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(StartError) as caught:
        read_settings(environment, project)
    assert str(caught.value).startswith(sentence)


def test_outside_a_project(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"there is no protolith\.yaml"):
        read_settings({}, tmp_path)


def test_port_0_is_any_free_one() -> None:
    address = resolve("PROTOLITH_REST_ADDR", "127.0.0.1:0")
    assert address is not None
    assert address.port > 0


def test_every_busy_port_is_named_with_its_variable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as other:
        first, second = (Address("127.0.0.1", each.getsockname()[1]) for each in (taken, other))
        edge = {"PROTOLITH_REST_ADDR": first, "PROTOLITH_GRPC_ADDR": None, "PROTOLITH_ADMIN_ADDR": second}
        with pytest.raises(StartError) as caught:
            require_free(edge)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith(
        f"{first} is in use by another program: stop it, or use another address, such as PROTOLITH_REST_ADDR="
    )
    assert lines[1].startswith(f"{second} is in use by another program")


def test_a_port_that_an_ended_connection_lingers_on_is_free() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    address = Address("127.0.0.1", server.getsockname()[1])
    client = socket.create_connection((address.host, address.port))
    accepted, _ = server.accept()
    accepted.close()  # our side closes first, and keeps the pair in TIME_WAIT
    server.close()
    client.close()
    require_free({"PROTOLITH_REST_ADDR": address})


def test_an_address_of_another_machine() -> None:
    with pytest.raises(StartError, match=r"192\.0\.2\.1:8080 cannot be listened on"):
        require_free({"PROTOLITH_REST_ADDR": Address("192.0.2.1", 8080)})


def test_links_for_people() -> None:
    assert Address("0.0.0.0", 8080).url == "http://localhost:8080"
    assert Address("::1", 8080).url == "http://[::1]:8080"
    assert free_port() != 0
