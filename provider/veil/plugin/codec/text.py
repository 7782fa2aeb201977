"""Text as Terraform keeps it."""

import unicodedata

from .errors import CodecError


def normal_text(text: str) -> str:
    """``text`` in normalisation form C, into which Terraform brings all text that it is sent.

    Without it, our own comparison of a plan and a result would see a difference that Terraform does
    not. Raises CodecError when the string cannot be encoded as UTF-8.
    """
    if text.isascii():
        return str(text)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise CodecError("the string cannot be encoded as UTF-8") from None
    return unicodedata.normalize("NFC", text)
