"""One spelling for letters that Unicode can write in several ways."""

import unicodedata


def composed(text: str) -> str:
    """The text in Unicode's composed form (NFC), in which Terraform keeps every text: so a user is
    the same whether a file or the configuration names them, and an e with an accent is one letter
    however an editor saved it.
    """
    return unicodedata.normalize("NFC", text)
