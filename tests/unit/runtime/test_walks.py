"""Random walks through random diagrams: every one can be walked to its end, step by step."""

from random import Random

import pytest

from engine import runtime
from engine.runtime import WaitKind, stepping
from tests.unit.runtime.driving import Case
from tests.unit.runtime.growing import Gardener

SEEDS = range(60)
FAR = 400  # steps; after half of them the walker takes the way out


def answers(random, number):
    again = number < FAR / 2 and random.random() < 0.5
    return {"again": again, "x1": random.random() < 0.5, "x2": random.random() < 0.5}


def walk(seed):
    random = Random(seed)
    case = Case(runtime.parse(Gardener(seed).diagram()), {"n": 1})
    seen = []
    for number in range(FAR):
        seen.append((case.waits(), case.variables, case.events("cancelled")))
        if case.step.completed:
            break
        kinds = {wait.element_id: wait.kind for wait in case.step.waits}
        open_work = sorted(e for e, kind in kinds.items() if kind is not WaitKind.TIMER)
        timers = sorted(e for e, kind in kinds.items() if kind is WaitKind.TIMER)
        wants_timer = timers and number < FAR / 3 and random.random() < 0.4
        element = random.choice(timers if wants_timer or not open_work else open_work)
        _act(case, element, kinds[element], answers(random, number))
    return case, seen


def _act(case, element, kind, output):
    if kind is WaitKind.TIMER:
        case.fire(element)
    elif kind is WaitKind.MESSAGE:
        case.receive(element, **output)
    else:
        case.complete(element, **output)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_walk_comes_to_the_end(seed):
    case, _ = walk(seed)
    assert case.step.completed
    assert case.step.end_events[-1:] != ()


@pytest.mark.parametrize("seed", range(20))
def test_what_enters_leaves_exactly_once(seed):
    case, _ = walk(seed)
    tokens = {}
    for passage in case.passages:
        key = (passage.token_id, passage.element_id)
        tokens[key] = tokens.get(key, 0) + (1 if passage.event == "entered" else -1)
    assert set(tokens.values()) == {0}


@pytest.mark.parametrize("seed", range(20))
def test_forgetting_history_changes_nothing_that_can_be_seen(seed, monkeypatch):
    with_forgetting = walk(seed)[1]
    monkeypatch.setattr(stepping, "_forget", lambda _: None)
    assert walk(seed)[1] == with_forgetting
