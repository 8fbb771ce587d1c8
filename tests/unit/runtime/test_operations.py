import json

import pytest

from engine import runtime
from engine.runtime import WaitKind
from tests.unit.runtime.drawing import end, files, gateway, job, start, user


def stored(step):
    return json.loads(json.dumps(step.state))


def simple():
    return runtime.parse(
        files(
            start(),
            user("fill", candidateGroups="clerks, leads"),
            gateway("ask", "sign"),
            job("tell", "notify", "sent", to="name", number="1 + 1"),
            user("sign"),
            end(),
            flow="begin > fill > ask [ok = true]> tell > sign > end; ask *> sign",
        )
    )


def test_a_process_stops_at_its_first_user_task():
    step = runtime.start(simple(), {"name": "Ann"}, {})
    assert [(wait.element_id, wait.kind) for wait in step.waits] == [("fill", WaitKind.USER_TASK)]


def test_a_plain_list_names_the_candidate_groups():
    step = runtime.start(simple(), {}, {})
    assert step.waits[0].details["candidate_groups"] == ["clerks", "leads"]


def test_a_condition_leads_to_the_job_with_its_evaluated_parameters():
    spec = simple()
    step = runtime.start(spec, {"name": "Ann"}, {})
    step = runtime.complete(spec, stored(step), step.waits[0].token_id, {"ok": True}, {})
    assert step.waits[0].details == {
        "type": "notify",
        "parameters": {"to": "Ann", "number": 2},
        "result_variable": "sent",
        "retries": None,
    }


def test_a_condition_that_is_not_true_leads_to_the_default():
    spec = simple()
    step = runtime.start(spec, {}, {})
    step = runtime.complete(spec, stored(step), step.waits[0].token_id, {"ok": "yes"}, {})
    assert [wait.element_id for wait in step.waits] == ["sign"]


def test_the_output_of_a_job_lies_under_its_result_variable():
    spec = simple()
    step = runtime.start(spec, {"name": "Ann"}, {})
    for output in ({"ok": True}, {"id": 7}):
        step = runtime.complete(spec, stored(step), step.waits[0].token_id, output, {})
    assert step.variables == {"name": "Ann", "ok": True, "sent": {"id": 7}}


def test_the_end_is_told_with_its_event():
    spec = simple()
    step = runtime.start(spec, {}, {})
    for _ in range(2):
        step = runtime.complete(spec, stored(step), step.waits[0].token_id, {}, {})
    assert (step.completed, step.end_events, step.waits) == (True, ("end",), ())


def test_a_token_completes_only_once():
    spec = simple()
    step = runtime.start(spec, {}, {})
    later = runtime.complete(spec, stored(step), step.waits[0].token_id, {}, {})
    with pytest.raises(runtime.NotWaitingError):
        runtime.complete(spec, stored(later), step.waits[0].token_id, {}, {})


def test_a_state_passed_in_is_not_changed():
    spec = simple()
    state = stored(runtime.start(spec, {"name": "Ann"}, {}))
    before = json.dumps(state)
    token = runtime.complete(spec, state, _first(state), {"ok": True}, {}).waits[0].token_id
    assert (json.dumps(state), token != "") == (before, True)


def test_a_state_of_an_unknown_version_is_refused():
    spec = simple()
    state = stored(runtime.start(spec, {}, {})) | {"version": "99"}
    with pytest.raises(runtime.StateVersionError, match="99"):
        runtime.complete(spec, state, "any", {}, {})


def _first(state):
    return next(row[0] for row in state["tokens"] if row[1] == "fill")
