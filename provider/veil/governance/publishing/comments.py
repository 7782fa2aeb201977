"""What views and their columns are said to be, by what is declared of data sources."""

from collections.abc import Iterator, Mapping

from veil.model import DataSource
from veil.model.names import problem_with_description
from veil.warehouse import CommentRow, ViewState

Comments = Mapping[str, str | None]
"""By column, and under "" of the view itself, what it is said to be; None where nothing is to be
said.
"""


class CommentsRefusedError(Exception):
    """The warehouse takes no comments on these views. Nothing that anybody sees depends on them:
    the views do without.
    """


def comments_of(source: DataSource, *, bound: bool) -> Comments:
    """The comments that the view of a data source is to have. A late-binding view's columns take
    none (Amazon Redshift Database Developer Guide, COMMENT). What was stored before descriptions
    were checked, and cannot be a comment, is none.
    """
    descriptions = {"": source.description}
    if bound:
        descriptions |= {column.name: column.description for column in source.columns if column.accepted}
    return {
        name: words if words and problem_with_description(words) is None else None
        for name, words in descriptions.items()
    }


def comments_to_make(view: tuple[str, str], wanted: Comments, present: ViewState | None) -> Iterator[CommentRow]:
    """The comments to make on a view, and those to take from it. All that are wanted are made: a
    view that was made anew has none.
    """
    had = present.comments if present is not None else {}
    yield from (
        CommentRow(*view, name, words) for name, words in sorted(wanted.items()) if words is not None or name in had
    )


def altered_comments(wanted: Comments, present: ViewState) -> Iterator[str]:
    """The columns, and "" for the view itself, on which there is another comment than is wanted, or
    one or none.
    """
    yield from (name for name, words in sorted(wanted.items()) if words != present.comments.get(name))
