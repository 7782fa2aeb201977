"""Infrastructure variables inside a string, such as the value of `@hasAttribute` in a subscription
policy.
"""

import re

_VARIABLE = re.compile(r"(?<!\w)@(hostname|database|schema|table)\b", re.IGNORECASE | re.ASCII)


def has_infrastructure(text: str) -> bool:
    """Whether the text holds one, and `*` beside it stands for any run of characters.
    `bob@schema.org` holds none.
    """
    return _VARIABLE.search(text) is not None


def infrastructure_pieces(text: str) -> list[str]:
    """The text in pieces: at odd places the variables' names in lower case, at even ones what
    stands between them.
    """
    return [piece.lower() if at % 2 else piece for at, piece in enumerate(_VARIABLE.split(text))]
