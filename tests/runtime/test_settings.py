"""Settings come from the environment; wrong ones are one sentence that names the variables."""

import pytest
from protolith.durations import parse_duration
from protolith.settings import WorkerSettings
from protolith.settings_errors import explain
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("20s", 20), ("1m30s", 90), ("500ms", 0.5), ("1.5h", 5400), ("0", 0), ("2us", 2e-6), ("2µs", 2e-6), (7, 7)],
)
def test_durations_are_gos(text: object, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "20", "20 s", "-1s", "s", "1d"])
def test_other_durations_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration: write it like"):
        parse_duration(text)


def test_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROTOLITH_GRACE", "500ms")
    monkeypatch.setenv("PROTOLITH_WORKER_FD", "3")
    monkeypatch.setenv("DATABASE_URL", "postgresql://db")
    settings = WorkerSettings()
    assert (settings.grace, settings.worker_fd, settings.database_url) == (0.5, 3, "postgresql://db")


@pytest.mark.parametrize(
    ("engine", "fd", "chosen"), [("", None, "grpcio"), ("", 3, "host"), ("grpcio", 3, "grpcio"), ("host", 3, "host")]
)
def test_engine_follows_the_host(engine: str, fd: int | None, chosen: str) -> None:
    assert WorkerSettings(engine=engine, worker_fd=fd).engine_name == chosen  # type: ignore[arg-type]


class Wrong(BaseSettings):
    """Names its variables in all three ways."""

    model_config = {"env_prefix": "WRONG_"}

    number: int = 1
    needed: str
    other: int = Field(default=1, validation_alias="OTHER_NAME")


def test_every_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRONG_NUMBER", "x")
    monkeypatch.setenv("OTHER_NAME", "y")
    with pytest.raises(ValidationError) as caught:
        Wrong()  # type: ignore[call-arg]
    assert explain(Wrong, caught.value) == (
        "WRONG_NUMBER: Input should be a valid integer, unable to parse string as an integer; "
        "WRONG_NEEDED: is not set; "
        "OTHER_NAME: Input should be a valid integer, unable to parse string as an integer"
    )


def test_own_validators_speak_for_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROTOLITH_GRACE", "soon")
    with pytest.raises(ValidationError) as caught:
        WorkerSettings()
    assert explain(WorkerSettings, caught.value) == (
        "PROTOLITH_GRACE: 'soon' is not a duration: write it like 20s, 1m30s or 500ms"
    )
