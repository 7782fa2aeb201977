"""What the definition of a view that others wrote names.

It is read token by token and not parsed: where it is not clear what something stands for, it counts
as a relation that is read. Nobody gains by writing a definition that is hard to read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from veil.model.names import folded

_WORD = re.compile(r"\w+", re.ASCII)
_OTHERS = r"""--[^\r\n]*|/\*(?P<comment>.*?)\*/|"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^\W\d][\w$]*)|(?P<sign>\S)"""
_ESCAPING, _PLAIN = (
    re.compile(rf"{string}|{_OTHERS}", re.DOTALL)
    for string in (r"'(?:[^'\\]|\\.|'')*'", r"'(?:[^']|'')*'")
)  # fmt: skip
"""Tokens where a backslash escapes in strings, as on Redshift, and where it does not. Only one of
them is what the server saw; a name counts that is one by either.
"""
_DOLLAR_QUOTE = re.compile(r"\$\w*\$")
_SIGN = "\0"
"""Before what is no name: no name holds it."""
_DOT, _END = _SIGN + ".", _SIGN + ";"
_NO_BINDING = ["with", "no", "schema", "binding"]


@dataclass(frozen=True, slots=True)
class ViewText:
    """What a definition names, all folded: pairs of names with a dot between them, `bare` names
    with none before them, and whether it ends as that of a late-binding view does.
    """

    bare: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    late_binding: bool


@lru_cache(maxsize=4096)
def read_view_text(text: str) -> ViewText | None:
    """What a definition names, None where strings and comments in it cannot be distinguished from
    the rest.
    """
    if _DOLLAR_QUOTE.search(text):
        return None
    read = [_read(text, tokens) for tokens in (_ESCAPING, _PLAIN)]
    readable = [each for each in read if each is not None]
    if len(readable) < len(read):
        return None
    return ViewText(
        frozenset().union(*(each.bare for each in readable)),
        frozenset().union(*(each.pairs for each in readable)),
        all(each.late_binding for each in readable),
    )


def _read(text: str, tokens: re.Pattern[str]) -> ViewText | None:
    read: list[str] = []
    for token in tokens.finditer(text):
        if (comment := token["comment"]) is not None and "/*" in comment:
            return None  # Comments nest on some servers and not on others.
        if token["quoted"] is not None:
            read.append(folded(token["quoted"].replace('""', '"')))
        elif token["plain"] is not None:
            read.append(folded(token["plain"]))
        elif token["sign"] is not None:
            read.append(_SIGN + token["sign"])
    names = [not each.startswith(_SIGN) for each in read]
    pairs = (
        (read[at - 1], read[at + 1])
        for at in range(1, len(read) - 1)
        if read[at] == _DOT and names[at - 1] and names[at + 1]
    )
    bare = (read[at] for at in range(len(read)) if names[at] and (at == 0 or read[at - 1] != _DOT))
    named = ViewText(frozenset(bare), frozenset(pairs), late_binding=False)
    while read and read[-1] == _END:
        read.pop()
    return replace(named, late_binding=read[-4:] == _NO_BINDING)


def named_in(text: str, places: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Which of these places, folded, a definition names with a dot between schema and name, or may
    name where it is not clear what it says.
    """
    read = read_view_text(text)
    if read is not None:
        return read.pairs.intersection(places)
    words = words_of(text)
    return frozenset(each for each in places if mentions(words, each))


def words_of(text: str) -> frozenset[str]:
    """The words of a text or name, folded. A text that reads what has a name holds all words of
    that, however it quotes and spells it.
    """
    return frozenset(_WORD.findall(folded(text)))


def mentions(words: frozenset[str], parts: Iterable[str]) -> bool:
    """Whether a text of these words may read what is called so."""
    return all(words_of(part) <= words for part in parts)
