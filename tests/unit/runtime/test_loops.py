import pytest

from engine import runtime
from tests.unit.runtime.drawing import boundary, end, files, job, node, start, sub, timer, user
from tests.unit.runtime.driving import Case


def repeated(*parts, sequential=False):
    inner = "".join(f"<bpmn:{name}>{text}</bpmn:{name}>" for name, text in parts if text)
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f'{inner}<bpmn:inputDataItem id="item"/></bpmn:multiInstanceLoopCharacteristics>'
    )


def over(collection, *parts, **options):
    return repeated(("loopDataInputRef", collection), *parts, **options)


def collecting(collection, **options):
    output = '<bpmn:outputDataItem id="answer"/></bpmn:multiInstanceLoopCharacteristics>'
    inner = over(collection, ("loopDataOutputRef", "answers"), **options)
    return inner.replace("</bpmn:multiInstanceLoopCharacteristics>", output)


def spec_of(element):
    after = user("after")
    return runtime.parse(files(start(), element, after, end(), flow="begin > a > after > end"))


def instance(case, item, **output):
    token = next(wait.token_id for wait in case.step.waits if wait.details.get("assignee") == item)
    case.step = runtime.complete(case.spec, case.step.state, token, output, {})
    return case


def test_parallel_instances_wait_at_once_each_with_its_item():
    case = Case(spec_of(user("a", over("names"), assignee="=item")), {"names": ["x", "y"]})
    assert [wait.details["assignee"] for wait in case.step.waits] == ["x", "y"]


def test_instances_in_sequence_wait_one_after_the_other():
    spec = spec_of(user("a", over("names", sequential=True), assignee="=item"))
    case = Case(spec, {"names": ["x", "y"]})
    assert [wait.details["assignee"] for wait in case.step.waits] == ["x"]
    assert case.complete("a").wait("a").details["assignee"] == "y"
    assert case.complete("a").waits() == ["after"]


def test_results_are_collected_in_the_order_of_the_items():
    case = Case(spec_of(user("a", collecting("names"), assignee="=item")), {"names": ["x", "y"]})
    instance(case, "y", answer=2)
    instance(case, "x", answer=1)
    assert (case.variables["answers"], case.waits()) == ([1, 2], ["after"])


def test_what_a_collecting_instance_writes_stays_its_own():
    case = Case(spec_of(user("a", collecting("names"), assignee="=item")), {"names": ["x"]})
    instance(case, "x", answer=1)
    assert case.variables == {"names": ["x"], "answers": [1]}


def test_sub_processes_repeat_with_their_own_variables():
    inner = sub(
        "a",
        start("s"),
        user("ask", assignee="=item"),
        job("tell", to="answer"),
        end("t"),
        flow="s > ask > tell > t",
    )
    inner = inner.replace("</bpmn:subProcess>", f"{collecting('names')}</bpmn:subProcess>")
    case = Case(spec_of(inner), {"names": ["x", "y"]})
    instance(case, "x", answer=1)
    instance(case, "y", answer=2)
    assert [wait.details["parameters"]["to"] for wait in case.step.waits] == [1, 2]
    case.complete("tell").complete("tell")
    assert case.variables["answers"] == [1, 2]


def test_a_completion_condition_cancels_the_rest():
    inner = over("names", ("completionCondition", "numberOfCompletedInstances = 1"))
    case = Case(spec_of(user("a", inner)), {"names": ["x", "y", "z"]})
    case.complete("a")
    assert (case.waits(), case.events("cancelled")) == (["after"], ["a", "a"])


def test_a_number_says_how_often():
    case = Case(spec_of(user("a", repeated(("loopCardinality", "n + 1")))), {"n": 2})
    assert case.waits() == ["a", "a", "a"]


def test_an_empty_collection_repeats_nothing():
    assert Case(spec_of(user("a", over("names"))), {"names": []}).waits() == ["after"]


@pytest.mark.parametrize("value", [None, 5, "text"])
def test_what_is_no_list_is_not_repeated_over(value):
    with pytest.raises(runtime.ElementError, match="is not a list"):
        Case(spec_of(user("a", over("names"))), {"names": value})


def test_too_many_instances_are_refused():
    with pytest.raises(runtime.InstanceTooLargeError, match="Split"):
        Case(spec_of(user("a", over("names"))), {"names": [1] * 1001})


def test_a_negative_number_at_run_time_is_refused():
    with pytest.raises(runtime.ElementError, match="0 or more"):
        Case(spec_of(user("a", repeated(("loopCardinality", "n")))), {"n": -1})


def test_a_standard_loop_goes_on_while_its_condition_holds():
    inner = (
        "<bpmn:standardLoopCharacteristics>"
        "<bpmn:loopCondition>again</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    )
    case = Case(spec_of(user("a", inner)))
    assert case.complete("a", again=True).waits() == ["a"]
    assert case.complete("a", again=False).waits() == ["after"]


def test_a_standard_loop_ends_at_its_maximum():
    case = Case(spec_of(user("a", '<bpmn:standardLoopCharacteristics loopMaximum="2"/>')))
    assert case.complete("a").waits() == ["a"]
    assert case.complete("a").waits() == ["after"]


def test_a_loop_that_tests_before_may_not_run_at_all():
    inner = (
        '<bpmn:standardLoopCharacteristics testBefore="true">'
        "<bpmn:loopCondition>again</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    )
    assert Case(spec_of(user("a", inner))).waits() == ["after"]


def test_an_interrupting_event_cancels_every_instance():
    inner = sub("a", start("s"), user("ask"), end("t"), flow="s > ask > t")
    inner = inner.replace("</bpmn:subProcess>", f"{over('names')}</bpmn:subProcess>")
    spec = runtime.parse(
        files(
            start(),
            inner,
            boundary("late", "a", timer("PT1H")),
            user("fix"),
            end(),
            flow="begin > a > end; late > fix > end",
        )
    )
    case = Case(spec, {"names": [1, 2]}).fire("late")
    assert (case.waits(), case.events("cancelled")) == (["fix"], ["a", "a", "ask", "ask"])


def test_an_error_of_an_instance_reaches_the_handler_of_the_whole():
    inner = job("a").replace("</bpmn:serviceTask>", f"{over('names')}</bpmn:serviceTask>")
    spec = runtime.parse(
        files(
            start(),
            inner,
            boundary("bad", "a", "<bpmn:errorEventDefinition/>"),
            node("manualTask", "fix"),
            end(),
            flow="begin > a > end; bad > fix > end",
        )
    )
    assert Case(spec, {"names": [1, 2]}).fail("a", "E1").waits() == ["fix"]
