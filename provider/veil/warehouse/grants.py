"""Who holds privileges."""

from dataclasses import dataclass

from veil.warehouse.quoting import identifier


@dataclass(frozen=True, slots=True, order=True)
class Grantee:
    """Who holds a privilege. `type` is user, group, role or public; the name of public is
    PUBLIC.
    """

    type: str
    name: str

    @property
    def sql(self) -> str:
        """The grantee as GRANT and REVOKE want it."""
        keyword = {"group": "GROUP ", "role": "ROLE "}.get(self.type, "")
        return "PUBLIC" if self.type == "public" else keyword + identifier(self.name)


PUBLIC = Grantee("public", "PUBLIC")


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A privilege that somebody holds by an explicit grant: `privilege` in capitals (SELECT, USAGE,
    ...).

    `scope` is what a privilege on a schema reaches where that is more than the schema itself
    (TABLES, ...); `column` the one column of a table or view that it is about, empty where it is
    about all; `grantable` whether the holder may grant it to others.
    """

    grantee: Grantee
    privilege: str
    scope: str = ""
    column: str = ""
    grantable: bool = False


@dataclass(frozen=True, slots=True, order=True)
class DefaultGrant:
    """What `maker` makes of these `objects` (RELATION, FUNCTION or PROCEDURE) is granted so, in a
    schema or, where that is empty, in any.
    """

    schema: str
    maker: str
    objects: str
    grant: Grant


EVERYBODY_READS = Grant(PUBLIC, "SELECT")
"""What is granted on the views that analysts query, and nothing else is."""
