"""An expression on its own, for people who want to see the SQL that it becomes."""

from collections.abc import Mapping

from veil.compiler.errors import CompileError
from veil.compiler.expressions import Expressions
from veil.compiler.scope import Scope, equalities
from veil.compiler.sql import Sql, infix
from veil.compiler.users import System, is_certain, values_held
from veil.language import referenced_tags, to_text, tree, walk
from veil.language.tree import Expression
from veil.policy.comparing import Surroundings
from veil.policy.elaborate import elaborate_condition

_SYSTEM = System("immuta_system")


def compile_predicate(expression: Expression) -> str:
    """The expression as SQL over the alias `t`, for a table whose column types are not known. Tests of the user and
    lookups are sub-selects of their own; a tagged column is one of the name `@columnTagged('tag')`.

    Raises CompileError for what only a data source gives a meaning: `@value`, `@database` and their like.
    """
    for node in walk(expression):
        if isinstance(node, tree.MaskedValue | tree.Infrastructure):
            name = "value" if isinstance(node, tree.MaskedValue) else node.part
            detail = f"@{name} has no meaning without a data source. Name the column instead."
            raise CompileError("Expression that needs a data source", detail)
    tagged = {tag: to_text(tree.ColumnTagged(tag)) for tag in referenced_tags(expression)}
    found = elaborate_condition(expression, Surroundings("the table", None, tagged=tagged))
    return Expressions(_Standalone(_SYSTEM)).condition(found.expression)


class _Standalone(Scope):
    """A scope without a FROM clause: what would be joined is a sub-select where it is needed."""

    def decide(self, aggregate: Sql, name: str = "") -> Sql:
        tests = self.caller.read({aggregate: "v"})
        return Sql(f"({tests})")

    def held(self, kind: str, name: str, text: Sql) -> Sql:
        listed = values_held(self.system, kind, name)
        return is_certain(Sql(f"COALESCE((SELECT e.s FROM ({listed}) AS e WHERE e.v = {text}), 0)"))

    def has(self, query: Sql, matched: Mapping[str, Sql]) -> Sql:
        if list(matched) == ["v"]:
            return infix("IN", matched["v"], Sql(f"({query})"))
        return Sql(f"EXISTS (SELECT 1 FROM ({query}) AS k WHERE {equalities('k', matched)})")

    def number(self, query: Sql, matched: Mapping[str, Sql], column: str) -> Sql:
        if not matched:
            return Sql(f"(SELECT n.{column} FROM ({query}) AS n)")
        return Sql(f"COALESCE((SELECT n.{column} FROM ({query}) AS n WHERE {equalities('n', matched)}), 0)")
