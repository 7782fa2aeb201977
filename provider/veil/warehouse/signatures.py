"""Procedures and functions by what distinguishes them: schema, name and the types of their
arguments.
"""

from dataclasses import dataclass

from veil.model.names import dotted
from veil.warehouse.quoting import qualified

_KINDS = {"p": "PROCEDURE", "f": "FUNCTION"}
"""What the catalog's prokind tells. Nobody makes aggregates on Redshift."""

_TYPES = frozenset(
    (
        "smallint", "integer", "bigint", "numeric", "real", "double precision", "boolean", "character", "character varying",
        "date", "timestamp without time zone", "timestamp with time zone", "time without time zone", "time with time zone",
        "super", "geometry", "geography", "hllsketch", "refcursor", "text", "name", '"char"', "oid",
    )
)  # fmt: skip
"""The types of arguments that statements of ours may name, as the catalog spells them and the
grammar reads them.
"""


@dataclass(frozen=True, slots=True, order=True)
class Signature:
    """One procedure or function: `kind` is PROCEDURE or FUNCTION, `arguments` are types as the
    catalog spells them.
    """

    kind: str
    schema: str
    name: str
    arguments: tuple[str, ...] = ()

    @property
    def is_nameable(self) -> bool:
        """Whether `sql` can be had: a type of somebody's own making has a name that could be
        anything.
        """
        return self.kind in _KINDS.values() and _TYPES.issuperset(self.arguments)

    @property
    def sql(self) -> str:
        """The routine as DROP, ALTER, GRANT and REVOKE name it. Raises ValueError where it is not
        nameable.
        """
        if not self.is_nameable:
            raise ValueError(f"{self} has an argument of a type that no statement of ours may name")
        return f"{self.kind} {qualified(self.schema, self.name)}({', '.join(self.arguments)})"

    def __str__(self) -> str:
        return f"{self.kind.lower()} {dotted(self.schema, self.name)}({', '.join(self.arguments)})"


def from_catalog(kind: str, schema: str, name: str, types: str) -> Signature:
    """A routine by its prokind and by what OIDVECTORTYPES makes of its arguments."""
    return Signature(_KINDS.get(kind, kind), schema, name, argument_types(types))


def argument_types(types: str) -> tuple[str, ...]:
    """Types that the catalog lists with commas between them. Where a name holds a comma itself,
    what comes out is no type that could be named.
    """
    return tuple(types.split(", ")) if types else ()
