"""What veil refuses, in words for the person who reads it. All of it is one tree:

    VeilError
    ├── ExpressionError            an expression that the policy language does not have
    ├── CompileError               a view that cannot be written
    ├── WarehouseError             a statement or a connection that failed
    │   ├── RevisionMovedError     another process wrote since we read
    │   ├── NotInstalledError      the schemas are not, or not completely, there
    │   └── BlockedError           somebody else's lock was waited for in vain
    ├── GovernanceError            a change that cannot be made
    │   ├── WrongIntegrationError  it is meant for another integration
    │   ├── NewerFormatError       a newer veil wrote what is there
    │   ├── NameTakenError         another object has the name
    │   ├── ForeignViewError       a view that is not ours has the name
    │   ├── ViewRefusedError       the warehouse refuses a view
    │   ├── ViewKeptError          the warehouse does not replace a view
    │   ├── DependedOnError        views of others keep one from being dropped
    │   ├── ImpersonationError     nobody could act as somebody else on this warehouse
    │   └── CancelledError         Terraform was stopped before
    ├── ForeignListError           the list of what certifying made is another account's
    ├── UnderWayError              another run of certifying is under way
    ├── OccupiedError              the database has an integration, which certifying leaves alone
    ├── RightsError                the account may not make what certifying works with
    ├── UnreadableError            what certifying wrote does not read back
    └── CliError                   a command that cannot go on

Each class stands where it is raised. `plugin` and `local` know nothing of veil, and have errors of
their own. What is raised and caught within one package, and never told, is not here either.
"""


class VeilError(Exception):
    """Something that is refused: `summary` is a short title, `detail` says what was found and what
    to do, and `path` is the attribute of the configuration that it is about, empty where there is
    none.
    """

    def __init__(self, summary: str, detail: str = "", path: tuple[str | int, ...] = ()) -> None:
        super().__init__(f"{summary}: {detail}" if detail else summary)
        self.summary, self.detail, self.path = summary, detail, path
