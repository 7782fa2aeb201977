"""What a command says when it cannot go on."""


class CliError(Exception):
    """A command failed for a reason that its user can do something about: `title` is short, `detail` says what was
    found and what to do.
    """

    def __init__(self, title: str, detail: str = "") -> None:
        super().__init__(f"{title}: {detail}" if detail else title)
        self.title, self.detail = title, detail
