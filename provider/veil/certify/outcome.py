"""What became of one thing that was tried."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["passed", "differed", "not tried", "absent"]
"""`absent`: this warehouse has nothing that it could be tried on, which keeps nobody from
certifying the rest.
"""


@dataclass(frozen=True)
class Outcome:
    """`subject` says what was tried, `detail` what was found where it did not pass, `statement` and
    `answer` what was sent and what the warehouse said to it.
    """

    subject: str
    status: Status = "passed"
    detail: str = ""
    statement: str = ""
    answer: str = ""
