"""Decision models: tables with every hit policy, requirements, and what a check finds."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel import dmn
from engine.findings import Severity

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def model(*parts: str, namespace: str = NAMESPACE) -> bytes:
    body = "".join(parts)
    start = f'<definitions xmlns="{namespace}" namespace="urn:m" name="m">'
    return f"{start}{body}</definitions>".encode()


def text(source: str) -> str:
    escaped = source.replace("&", "&amp;").replace("<", "&lt;")
    return f"<text>{escaped}</text>"


def literal(source: str) -> str:
    return f"<literalExpression>{text(source)}</literalExpression>"


def input_data(name: str, kind: str = "number") -> str:
    variable = f'<variable name="{name}" typeRef="{kind}"/>'
    return f'<inputData id="i_{name}" name="{name}">{variable}</inputData>'


def decision(name: str, logic: str, *requires: str) -> str:
    needs = "".join(f"<informationRequirement>{one}</informationRequirement>" for one in requires)
    return f'<decision id="d_{name}" name="{name}">{needs}{logic}</decision>'


def needs_input(name: str) -> str:
    return f'<requiredInput href="#i_{name}"/>'


def table(policy: str, rules: list[tuple[str, ...]], extra: str = "", values: str = "") -> str:
    rows = "".join(
        f"<rule><inputEntry>{text(test)}</inputEntry>"
        + "".join(f"<outputEntry>{text(answer)}</outputEntry>" for answer in answers)
        + "</rule>"
        for test, *answers in rules
    )
    outputs = "".join(
        f'<output name="o{place}">{values}</output>' for place in range(len(rules[0]) - 1)
    )
    asked = f"<input><inputExpression>{text('x')}</inputExpression></input>"
    return f'<decisionTable hitPolicy="{policy}" {extra}>{asked}{outputs}{rows}</decisionTable>'


def decided(logic: str, x: object) -> object:
    content = model(input_data("x"), decision("d", logic, needs_input("x")))
    return feel.to_json(dmn.decide(dmn.parse(content), "d", {"x": x}))


RULES = [("< 5", "1"), ("[3..8]", "2"), ("> 20", "3")]
VALUES = f"<outputValues>{text('2, 1, 3')}</outputValues>"


@pytest.mark.parametrize(
    ("policy", "extra", "x", "expected"),
    [
        ("UNIQUE", "", 1, 1),
        ("UNIQUE", "", 4, None),
        ("UNIQUE", "", 10, None),
        ("FIRST", "", 4, 1),
        ("ANY", "", 4, None),
        ("PRIORITY", "", 4, 2),
        ("OUTPUT ORDER", "", 4, [2, 1]),
        ("RULE ORDER", "", 4, [1, 2]),
        ("COLLECT", "", 4, [1, 2]),
        ("COLLECT", 'aggregation="SUM"', 4, 3),
        ("COLLECT", 'aggregation="MIN"', 4, 1),
        ("COLLECT", 'aggregation="MAX"', 4, 2),
        ("COLLECT", 'aggregation="COUNT"', 4, 2),
    ],
)
def test_each_hit_policy_makes_its_own_of_the_hits(
    policy: str, extra: str, x: int, expected: object
) -> None:
    assert decided(table(policy, RULES, extra, VALUES), x) == expected


def test_several_outputs_make_a_context() -> None:
    rules = [("-", '"low"', "x + 1")]
    assert decided(table("UNIQUE", rules), 1) == {"o0": "low", "o1": 2}


def test_a_default_answers_when_no_rule_hits() -> None:
    default = f"<defaultOutputEntry>{text('0')}</defaultOutputEntry>"
    assert decided(table("UNIQUE", [("1", "1")], values=default), 9) == 0


def test_any_takes_hits_that_say_the_same() -> None:
    assert decided(table("ANY", [("> 1", "7"), ("> 2", "7")]), 3) == 7


def test_a_decision_reads_those_it_requires() -> None:
    content = model(
        input_data("monthly fee"),
        decision("yearly fee", literal("monthly fee * 12"), needs_input("monthly fee")),
        decision("dear", literal("yearly fee > 100"), '<requiredDecision href="#d_yearly fee"/>'),
    )
    assert dmn.decide(dmn.parse(content), "dear", {"monthly fee": 10}) is True


def test_a_decision_does_not_see_what_it_does_not_require() -> None:
    content = model(input_data("x"), decision("d", literal("x")))
    assert dmn.decide(dmn.parse(content), "d", {"x": 1}) is None


def test_a_business_knowledge_model_is_called_like_a_function() -> None:
    knowledge = (
        '<businessKnowledgeModel id="k" name="fee"><variable name="fee"/><encapsulatedLogic>'
        f'<formalParameter name="n" typeRef="number"/>{literal("n * 2")}'
        "</encapsulatedLogic></businessKnowledgeModel>"
    )
    requires = '<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>'
    logic = f'<decision id="d" name="d">{requires}{literal("fee(n: 4)")}</decision>'
    assert dmn.decide(dmn.parse(model(knowledge, logic)), "d", {}) == Decimal(8)


def test_an_input_of_the_wrong_type_is_null() -> None:
    assert decided(literal("x = null"), "text") is True


def test_an_input_that_is_not_allowed_is_null() -> None:
    allowed = f"<allowedValues>{text('1, 2')}</allowedValues>"
    item = f'<itemDefinition name="t"><typeRef>number</typeRef>{allowed}</itemDefinition>'
    content = model(item, input_data("x", "t"), decision("d", literal("x"), needs_input("x")))
    parsed = dmn.parse(content)
    assert dmn.decide(parsed, "d", {"x": 2}) == Decimal(2)
    assert dmn.decide(parsed, "d", {"x": 3}) is None


def test_functions_of_the_caller_can_be_called_in_a_decision() -> None:
    content = model(decision("d", literal("level(1)")))
    assert dmn.decide(dmn.parse(content), "d", {}, {"level": lambda n: n}) == Decimal(1)


def test_the_names_of_decisions_and_inputs_are_listed() -> None:
    parsed = dmn.parse(model(input_data("x"), decision("d", literal("1"))))
    assert (parsed.decisions, parsed.inputs) == (("d",), ("x",))


@pytest.mark.parametrize("namespace", sorted(dmn.xml.NAMESPACES))
def test_every_version_of_the_format_is_read(namespace: str) -> None:
    content = model(decision("d", literal("1 + 1")), namespace=namespace)
    assert dmn.decide(dmn.parse(content), "d", {}) == Decimal(2)


def test_a_good_model_has_no_findings() -> None:
    content = model(input_data("x"), decision("d", table("UNIQUE", RULES), needs_input("x")))
    assert dmn.check(content, "m.dmn") == []


def test_all_findings_are_told_at_once() -> None:
    content = model(
        decision("a", literal("1 +")),
        decision("b", table("WEIRD", RULES)),
        decision("c", "", needs_input("missing")),
        decision("c", literal("1"), '<requiredDecision href="#d_c"/>'),
        '<inputData id="i" name="i"><variable name="i" typeRef="unheard"/></inputData>',
        decision("e", literal("mistyped + 1")),
    )
    rules = {finding.rule for finding in dmn.check(content, "m.dmn")}
    assert rules == {
        *("feel-syntax", "hit-policy", "no-logic", "requirement", "duplicate-name", "cycle"),
        *("type", "unknown-name"),
    }


def test_a_finding_names_file_element_and_line() -> None:
    content = model("\n\n", decision("a", literal("1 +")))
    (finding,) = dmn.check(content, "m.dmn")
    assert (finding.file, finding.element_id, finding.line) == ("m.dmn", "d_a", 3)
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("logic", "rule"),
    [
        (
            table("UNIQUE", [("1", "1")]).replace('<output name="o0"></output>', ""),
            "no-output",
        ),
        (
            table("UNIQUE", RULES[:1]).replace("<inputEntry>", "<inputEntry/><inputEntry>"),
            "rule-cells",
        ),
        (table("COLLECT", [("1", "1", "2")], 'aggregation="SUM"'), "aggregation"),
        (table("COLLECT", RULES, 'aggregation="AVG"'), "aggregation"),
        (
            '<literalExpression expressionLanguage="python"><text>1</text></literalExpression>',
            "language",
        ),
    ],
)
def test_a_broken_table_is_found(logic: str, rule: str) -> None:
    found = [finding.rule for finding in dmn.check(model(decision("d", logic)), "m.dmn")]
    assert found == [rule]


def test_a_broken_expression_raises_when_it_is_decided() -> None:
    parsed = dmn.parse(model(decision("d", literal("1 +"))))
    with pytest.raises(dmn.DmnError):
        dmn.decide(parsed, "d", {})


def test_a_decision_that_requires_itself_raises() -> None:
    content = model(decision("d", literal("d"), '<requiredDecision href="#d_d"/>'))
    with pytest.raises(dmn.DmnError, match="requires itself"):
        dmn.decide(dmn.parse(content), "d", {})


def test_an_unknown_decision_raises() -> None:
    with pytest.raises(dmn.DmnError, match="no decision"):
        dmn.decide(dmn.parse(model()), "d", {})


BOMB = (
    '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    f'<definitions xmlns="{NAMESPACE}"><description>&b;</description></definitions>'
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"<definitions/>",
        b"\xff\xfe\x00",
        BOMB.encode(),
        b"<a>" * 5000,
        b" " * (dmn.xml.MAX_BYTES + 1),
    ],
)
def test_what_is_no_model_is_one_finding_and_no_surprise(content: bytes) -> None:
    assert [finding.rule for finding in dmn.check(content, "m.dmn")] == ["dmn-xml"]
    with pytest.raises(dmn.DmnError):
        dmn.parse(content)


GOOD = model(input_data("x"), decision("d", table("UNIQUE", RULES), needs_input("x")))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.binary(max_size=12))
def test_any_damage_to_a_model_is_told_as_findings(start: int, length: int, put: bytes) -> None:
    damaged = GOOD[:start] + put + GOOD[start + length :]
    with contextlib.suppress(feel.FeelError):
        dmn.check(damaged, "m.dmn")
        dmn.decide(dmn.parse(damaged), "d", {"x": 1})


def test_boxed_expressions_inside_each_other_have_a_limit() -> None:
    nested = "<list>" * 100 + literal("1") + "</list>" * 100
    content = model(decision("d", nested))
    assert "boxed-too-deep" in {finding.rule for finding in dmn.check(content, "m.dmn")}


def test_item_definitions_that_contain_each_other_end() -> None:
    parts = "".join(
        f'<itemDefinition name="t{place}">'
        + "".join(
            f'<itemComponent name="c{other}"><typeRef>t{other}</typeRef></itemComponent>'
            for other in range(10)
        )
        + "</itemDefinition>"
        for place in range(10)
    )
    content = model(parts, input_data("x", "t1"), decision("d", literal("x"), needs_input("x")))
    assert dmn.decide(dmn.parse(content), "d", {"x": {"c1": {}}}) == {"c1": {}}
