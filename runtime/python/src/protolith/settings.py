"""Settings of a service process; every one is an environment variable PROTOLITH_*, or DATABASE_URL / NATS_URL."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from protolith.durations import Seconds


class WorkerSettings(BaseSettings):
    """What a process that serves one service may be told."""

    model_config = SettingsConfigDict(env_prefix="PROTOLITH_", populate_by_name=True)

    engine: Literal["", "host", "grpcio"] = ""
    """Empty: host inside a worker of the host (PROTOLITH_WORKER_FD is set), else grpcio."""
    listen: str = "127.0.0.1:0"
    """Where the grpcio engine listens; port 0 is any free one."""
    worker_fd: int | None = None
    """Descriptor of the socketpair to the host."""
    worker_name: str = ""
    """Name of this worker in logs, such as `user-0`."""
    workers: int = Field(default=1, ge=1)
    """How many workers share the service's database connections."""
    max_message_bytes: int = Field(default=4 * 1024 * 1024, ge=1)
    """Largest message, sent or received."""
    grace: Seconds = 20.0
    """Seconds that calls in flight have to end after a stop was asked for."""
    validate_responses: bool = False
    """Check answers too: one that breaks its own rules is INTERNAL and logged. For tests; off in production."""
    database_pool: int = Field(default=10, ge=1)
    """Database connections of the whole service."""
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    """The database server; the service's own database on it is `<service>_service`."""
    database_statement_timeout: Seconds = 30.0
    """Seconds after which Postgres ends a statement; 0: never."""
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def engine_name(self) -> Literal["host", "grpcio"]:
        """The engine to run."""
        return self.engine or ("grpcio" if self.worker_fd is None else "host")
