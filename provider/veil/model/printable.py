"""Texts that anybody may have written, on one line and as they are read."""


def escaped(text: str) -> str:
    """The whole of a text with what nobody sees, or what turns other text around, as escapes: line
    ends, control and formatting characters, spaces that look like others.
    """
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
