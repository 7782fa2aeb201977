"""An expression on its own, for people who want to see the SQL that it becomes."""

from collections.abc import Mapping

from veil.compiler.building import call, cast, form, integer
from veil.compiler.decided import Decided
from veil.compiler.errors import CompileError
from veil.compiler.expressions import Expressions
from veil.compiler.printer import MOST_BYTES, StatementTooLongError, print_expression
from veil.compiler.scope import Scope, equalities
from veil.compiler.sql import Aliased, Exists, From, InQuery, Output, OwnRef, ScalarQuery, Select, Sql
from veil.compiler.users import Caller, System, caller_entries, is_certain
from veil.compiler.values import LOOKUP, at_utc
from veil.language import referenced_tags, to_text, tree, walk
from veil.language.tree import Expression
from veil.model import ColumnType, Family
from veil.policy.typecheck import Environment, typecheck_condition

_SYSTEM = System("immuta_system")


def compile_predicate(expression: Expression) -> str:
    """The expression as SQL of several lines over the alias `t`, for a table whose column types are
    not known. Tests of the user and lookups are sub-selects of their own; a tagged column is one of
    the name `@columnTagged('tag')`.

    Raises CompileError for what only a data source gives a meaning: `@value`, `@database` and their
    like.
    """
    for node in walk(expression):
        if isinstance(node, tree.MaskedValue | tree.Infrastructure):
            name = "value" if isinstance(node, tree.MaskedValue) else node.part
            message = f"@{name} has no meaning without a data source."
            places = [node.span.pointed_out()] if node.span else []
            detail = "\n".join([message, *places, "Name the column instead."])
            raise CompileError("Expression that needs a data source", detail)
    tagged = {tag: to_text(tree.ColumnTagged(tag)) for tag in referenced_tags(expression)}
    typed = typecheck_condition(expression, Environment("the table", None, tagged=tagged))
    condition = Expressions(_Standalone()).condition(typed.expression)
    try:
        return print_expression(condition)
    except StatementTooLongError:
        detail = f"Its SQL would have more than {MOST_BYTES:,} bytes. Shorten it."
        raise CompileError("Expression that is too long", detail, is_too_long=True) from None


class _Standalone(Scope):
    """A scope without a FROM clause: what would be joined is a sub-select where it is needed."""

    def __init__(self, alias: str = "t") -> None:
        super().__init__(Decided(_SYSTEM, Caller(caller_entries(_SYSTEM))), alias=alias)

    def inner(self, table: tuple[str, ...], *, for_each: bool = False) -> Scope:
        return _Standalone(LOOKUP)

    def hoist_user_test(self, test: Sql, name: str = "") -> Sql:
        return ScalarQuery(self.decided.caller.read({test: "v"}))

    @property
    def now(self) -> Sql:
        """GETDATE() is in the time zone of the session (Amazon Redshift Developer Guide,
        GETDATE).
        """
        return at_utc(cast(call("getdate"), ColumnType(Family.TIMESTAMPTZ)))

    def held(self, kind: str, name: str, text: Sql) -> Sql:
        strength = _of(self.decided.caller.values(kind, name), "e", OwnRef("e", "s"), {"v": text})
        return is_certain(form("COALESCE", ScalarQuery(strength), integer(0)))

    def has(self, query: Select, matched: Mapping[str, Sql], *, decides: bool = False) -> Sql:
        if list(matched) == ["v"]:
            return InQuery(matched["v"], query)
        return Exists(_of(query, "k", integer(1), matched))

    def number(self, query: Select, matched: Mapping[str, Sql], column: str) -> Sql:
        scalar = ScalarQuery(_of(query, "n", OwnRef("n", column), matched))
        return form("COALESCE", scalar, integer(0)) if matched else scalar


def _of(query: Select, alias: str, wanted: Sql, matched: Mapping[str, Sql]) -> Select:
    """`wanted` of those rows of a query whose columns equal these values."""
    return Select((Output(wanted),), From(Aliased(query, alias)), equalities(alias, matched) if matched else None)
