"""How to reach a warehouse."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the warehouse is and who we are there. Nothing secret appears in its repr.

    `sslmode` is "verify-full" or "verify-ca". `temporary_credentials` are arguments of redshift_connector's IAM
    sign-in (cluster_identifier, or serverless_work_group with is_serverless; region, profile, ...) and take the place
    of `password`. `statement_timeout` is in seconds, and so is `connect_timeout`.
    """

    host: str
    database: str
    username: str
    password: str | None = field(default=None, repr=False)
    port: int = 5439
    ssl: bool = True
    sslmode: str = "verify-full"
    temporary_credentials: Mapping[str, object] | None = field(default=None, repr=False)
    statement_timeout: int = 60
    application_name: str = "veil"
    connect_timeout: int = 15

    @property
    def place(self) -> str:
        """The warehouse, for messages."""
        return f"{self.host}:{self.port}" if self.host else "the cluster of the temporary credentials"
