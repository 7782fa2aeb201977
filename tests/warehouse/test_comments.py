"""Comments on views: hostile texts arrive as they are, a hundred views take one statement, and
nobody else may make any.
"""

import pytest

from veil.warehouse import CommentRow, Layout, Session, WarehouseError, comment_on_views, identifier
from veil.warehouse.catalog import views_of

HOSTILE = "it's; DROP VIEW v; -- \\' \" $$ \\\\ é 名\n\tand a second line"


@pytest.fixture
def views(admin: Session, installed: Layout) -> str:
    """A schema with a bound view and a late-binding one, and odd names."""
    schema = installed.view_schema
    admin.execute(f'CREATE TABLE {identifier(schema)}.base (id INTEGER, "odd ""name" INTEGER)')
    admin.execute(f'CREATE VIEW {identifier(schema)}.bound AS SELECT id, "odd ""name" FROM {identifier(schema)}.base')
    admin.execute(
        f'CREATE VIEW {identifier(schema)}."late ""one" AS SELECT id FROM {identifier(schema)}.base WITH NO SCHEMA BINDING'
    )
    return schema


def comment(admin: Session, layout: Layout, *rows: CommentRow) -> None:
    for statement in comment_on_views(layout, rows):
        admin.execute(statement)


def comments(admin: Session, schema: str) -> dict[str, dict[str, str]]:
    return {name: dict(state.comments) for (_, name), state in views_of(admin, [schema], {}).items()}


def test_words_and_names_arrive_as_they_are(admin: Session, installed: Layout, views: str):
    comment(
        admin,
        installed,
        CommentRow(views, "bound", "", HOSTILE),
        CommentRow(views, "bound", 'odd "name', HOSTILE),
        CommentRow(views, 'late "one', "", HOSTILE),
    )
    assert comments(admin, views) == {"bound": {"": HOSTILE, 'odd "name': HOSTILE}, 'late "one': {"": HOSTILE}}


def test_without_words_a_comment_goes(admin: Session, installed: Layout, views: str):
    comment(admin, installed, CommentRow(views, "bound", "", "this"), CommentRow(views, "bound", "id", "that"))
    comment(admin, installed, CommentRow(views, "bound", "", None), CommentRow(views, "bound", "id", None))
    assert comments(admin, views)["bound"] == {}


def test_a_column_of_a_late_binding_view_takes_none(admin: Session, installed: Layout, views: str):
    with pytest.raises(WarehouseError):
        comment(admin, installed, CommentRow(views, 'late "one', "id", "x"))


def test_nobody_else_comments(admin: Session, installed: Layout, views: str, login):
    (statement,) = comment_on_views(installed, [CommentRow(views, "bound", "", "mine")])
    with pytest.raises(WarehouseError, match="permission denied"):
        login("commenter").execute(statement)
    assert comments(admin, views)["bound"] == {}


def test_a_hundred_views_take_one_statement():
    layout = Layout("immuta", "governed")
    rows = [CommentRow("governed", f"customers_of_{number:04}", "", "x" * 400) for number in range(1_000)]
    assert len(comment_on_views(layout, rows)) <= 10
