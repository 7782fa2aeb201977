"""Where an installed integration keeps its things."""

from dataclasses import dataclass, field
from hashlib import sha256

from veil.model.integration import SCHEMA_PREFIX
from veil.model.names import MAX_IDENTIFIER_BYTES, problem_with_identifier

PROBE = "_probe"
"""How the names of probe roles end."""


def probe_role(owner: str) -> str:
    """The role that goes with a system account, as roles are the whole cluster's:
    Layout.probe_role.
    """
    return _named_after(owner, PROBE)


def catalog_role(owner: str) -> str:
    """The role through which a system account sees what others are granted."""
    return _named_after(owner, "_catalog")


def _named_after(user: str, ending: str) -> str:
    """A name that begins as a user's does, or as much of it as leaves room for what tells long ones
    apart.
    """
    if len((user + ending).encode()) <= MAX_IDENTIFIER_BYTES:
        return user + ending
    mark = f"_{sha256(user.encode()).hexdigest()[:8]}{ending}"
    return user.encode()[: MAX_IDENTIFIER_BYTES - len(mark)].decode(errors="ignore") + mark


@dataclass(frozen=True, slots=True)
class Layout:
    """The names that one integration uses in its database.

    `prefix` is plain (lower case letters, digits, underscores; at most 100): it also stands inside
    the bodies of procedures. `view_schema` may be any schema name. `impersonation_group` names the
    group whose members may be allowed to act as others; without it nobody may. `owner` is who owns
    its tables, where that is known, and `marked` is False where the row that names all this is not
    what we wrote. `bound` says that the integration's own views are no late-binding ones, and
    `utc_clock` that GETDATE() is in UTC there, whatever the time zone of a session. Raises
    ValueError for names that cannot be used.
    """

    prefix: str
    view_schema: str
    owner: str = field(default="", compare=False)
    impersonation_group: str | None = None
    read_only_role: str | None = field(default=None, compare=False)
    marked: bool = field(default=True, compare=False)
    bound: bool = field(default=False, compare=False)
    utc_clock: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        if not SCHEMA_PREFIX.match(self.prefix):
            raise ValueError(
                f"the schema prefix {self.prefix!r} must be 1 to 100 lower case letters, digits and underscores, "
                "and must not begin with a digit"
            )
        for name in (self.view_schema, self.impersonation_group, self.read_only_role):
            if name is not None and (problem := problem_with_identifier(name)):
                raise ValueError(f"{name!r} cannot be the name of anything in Redshift: {problem}")
        for name in (self.impersonation_group, self.read_only_role):
            if name is not None and name.lower() == "public":
                raise ValueError(f"{name!r} is no group or role: what is granted to it, quoted or not, everybody has")
        if self.view_schema in self.own_schemas:
            raise ValueError(f"the view schema {self.view_schema!r} is one of the integration's own schemas")

    @property
    def system(self) -> str:
        return f"{self.prefix}_system"

    @property
    def functions(self) -> str:
        return f"{self.prefix}_functions"

    @property
    def procedures(self) -> str:
        return f"{self.prefix}_procedures"

    @property
    def probe_role(self) -> str:
        """A role of nobody's, which may read one empty table: who sees that, sees what others are
        granted.
        """
        return probe_role(self.owner)

    @property
    def probe_views(self) -> str:
        """An administrator's schema with a view that the system account may read: see
        bootstrap/probe_reader.sql.
        """
        return f"{self.prefix}{PROBE}"

    @property
    def probe_tables(self) -> str:
        """An administrator's schema with the table of that view, which nobody else may use."""
        return f"{self.prefix}{PROBE}_tables"

    @property
    def own_schemas(self) -> tuple[str, str, str]:
        """The three schemas that belong to the integration alone."""
        return (self.system, self.functions, self.procedures)
