"""How commands read their arguments: as argparse does, with the nearest known word where one is
misspelt.
"""

import argparse
import difflib
import re
from typing import NoReturn

_CHOICE = re.compile(r"invalid choice: '(?P<given>[^']*)' \(choose from (?P<known>.*)\)")
_STRANGE = re.compile(r"unrecognized arguments: (?P<given>-\S+)")


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that suggests. Ends the process with exit code 2 where the arguments are
    wrong.
    """

    def error(self, message: str) -> NoReturn:
        super().error(message + self._suggestion(message))

    def _suggestion(self, message: str) -> str:
        if match := _CHOICE.search(message):
            known = re.findall(r"[\w-]+", match["known"])
        elif match := _STRANGE.search(message):
            known = [option for action in self._actions for option in action.option_strings]
        else:
            return ""
        return did_you_mean(match["given"].partition("=")[0], known)


def did_you_mean(given: str, known: list[str]) -> str:
    """A question that names the nearest of the known words, empty where none is near."""
    near = difflib.get_close_matches(given, known, n=1)
    return f". Did you mean {near[0]}?" if near else ""
