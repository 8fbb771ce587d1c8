"""Measure and print: `python -m benchmarks [--full]`; writes benchmarks/results.json."""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import document_figures, engine_figures, feel_figures, memory_figures
from benchmarks.result import Result
from engine.store import migrations
from engine.store.session import open_engine, sessions_on
from tests import database

OUTPUT = Path(__file__).parent / "results.json"


def main(*, full: bool) -> None:
    """Run every benchmark in turn, so that none disturbs another."""
    results = []
    for result in _all(full=full):
        results.append(result)
        print(_line(result), flush=True)
    OUTPUT.write_text(json.dumps([result.as_json() for result in results], indent=1) + "\n")


def _all(*, full: bool) -> Iterator[Result]:
    yield from feel_figures.measure()
    yield from document_figures.measure()
    with (
        tempfile.TemporaryDirectory() as folder,
        database.server(Path(folder), durable=True) as server,
        database.fresh_database(server) as url,
    ):
        engine = open_engine(url)
        migrations.run(engine)
        yield from engine_figures.measure(sessions_on(engine))
        engine.dispose()
    yield from memory_figures.measure(requests=1000 if full else 100)


def _line(result: Result) -> str:
    ratio = f"{result.ratio:>8.2f} x" if result.ratio is not None else " " * 10
    return f"{result.name:<22}{result.value:>12.3f} {result.unit:<11}{ratio}  {result.note}"


main(full="--full" in sys.argv[1:])
