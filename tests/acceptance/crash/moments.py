"""When the product is killed: at random, or in the very moment where it hurts."""

from dataclasses import dataclass
from enum import StrEnum

PATIENCE = 8.0  # seconds a kill waits for its moment; then any moment will do
JOB_TYPES = ("notify", "update_record", "render_document", "seal_document")


class Kind(StrEnum):
    STARTING = "starting"  # some time after the process began
    WORKING = "working"  # some time after it was ready
    MAIL = "mail"  # the mail server has a mail and has not said so yet
    JOB = "job"  # a job of a type is being worked on, for that long


@dataclass(frozen=True, slots=True)
class Moment:
    kind: Kind
    seconds: float = 0.0
    job_type: str = ""

    def __str__(self):
        return f"{self.kind}{self.job_type and f' {self.job_type}'} {self.seconds:.2f} s"


def chosen(rng, number):
    """So many moments, every kind in its turn, in any order."""
    kinds = [list(Kind)[at % len(Kind)] for at in range(number)]
    rng.shuffle(kinds)
    return [_moment(rng, kind) for kind in kinds]


def _moment(rng, kind):
    if kind is Kind.MAIL:
        return Moment(kind)
    if kind is Kind.JOB:
        return Moment(kind, rng.uniform(0, 0.1), rng.choice(JOB_TYPES))
    return Moment(kind, rng.uniform(0.2, 3.0))
