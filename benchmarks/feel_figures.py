"""What one FEEL evaluation costs beside compiled Python."""

from collections.abc import Iterator
from timeit import repeat

from benchmarks.result import Result
from engine import feel

EXPRESSION = 'amount >= 1000 and kind = "fire"'
CONTEXT = {"amount": 1500, "kind": "fire"}
ROUNDS = 5000


def measure() -> Iterator[Result]:
    """Microseconds for one evaluation of a typical gateway condition."""
    compiled = compile('amount >= 1000 and kind == "fire"', "reference", "eval")
    reference = _microseconds(lambda: eval(compiled, {}, CONTEXT))
    value = _microseconds(lambda: feel.evaluate(EXPRESSION, CONTEXT))
    yield Result("feel_evaluate", value, "us", reference, ROUNDS, "compiled Python eval")


def _microseconds(work: object) -> float:
    return min(repeat(work, number=ROUNDS, repeat=5)) / ROUNDS * 1e6
