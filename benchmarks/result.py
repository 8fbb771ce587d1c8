"""One figure and its reference, and how they are measured."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Result:
    """A figure; `ratio` is value / reference, both in `unit`, from `n` repetitions."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    n: int = 1
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return round(self.value / self.reference, 3) if self.reference else None

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio}


def median_ms(work: Callable[[], object], repetitions: int) -> float:
    """The median time of `work` in milliseconds, after a warm-up."""
    for _ in range(WARM_UP):
        work()
    return statistics.median(_one_ms(work) for _ in range(repetitions))


def each_ms(work: Callable[[object], object], inputs: list[object]) -> float:
    """The median time in milliseconds of `work` on inputs that can be used only once."""
    for used in inputs[:WARM_UP]:
        work(used)
    return statistics.median(
        _one_ms(lambda given=given: work(given)) for given in inputs[WARM_UP:]
    )


def _one_ms(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000
