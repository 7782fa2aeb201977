"""How to reach a warehouse."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TemporaryCredentials:
    """Which warehouse AWS is to give a password for: a provisioned cluster or a serverless
    workgroup, exactly one.

    Without `db_user` AWS derives the database user from the AWS identity, as it always does for a
    workgroup. `auto_create` lets AWS create the user. `region` and `profile` None mean what the AWS
    tools on this machine say.
    """

    cluster_identifier: str | None = None
    workgroup: str | None = None
    region: str | None = None
    profile: str | None = None
    db_user: str | None = None
    auto_create: bool = False

    @property
    def place(self) -> str:
        """The warehouse, for messages."""
        return f"workgroup {self.workgroup!r}" if self.workgroup else f"cluster {self.cluster_identifier!r}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the warehouse is and who we are there. Nothing secret appears in its repr.

    `sslmode` is "verify-full" or "verify-ca". `temporary_credentials` take the place of `username`
    and `password`, and of `host` and `port` where `host` is empty. `statement_timeout` is in
    seconds, and so is `connect_timeout`.
    """

    host: str
    database: str
    username: str
    password: str | None = field(default=None, repr=False)
    port: int = 5439
    ssl: bool = True
    sslmode: str = "verify-full"
    temporary_credentials: TemporaryCredentials | None = None
    statement_timeout: int = 60
    application_name: str = "veil"
    connect_timeout: int = 15

    @property
    def place(self) -> str:
        """The warehouse, for messages."""
        return f"{self.host}:{self.port}"
