"""Decision tables of the XML to their node."""

from engine.feel.dmn import xml
from engine.feel.dmn.boxed import RULES, Boxed
from engine.feel.dmn.tables import AGGREGATIONS, HitPolicy, Input, Output, Rule, Table
from engine.feel.dmn.xml import Element
from engine.feel.syntax import ListOf, Node, Tests


def table(boxed: Boxed, element: Element) -> Node:
    """The table; what is wrong with it is noted and makes it one that raises."""
    policy = xml.attribute(element, "hitPolicy") or HitPolicy.UNIQUE
    aggregation = xml.attribute(element, "aggregation")
    if policy not in HitPolicy.__members__.values():
        return boxed.broken(element, "hit-policy", f"The hit policy {policy} is not known.")
    if aggregation and aggregation not in AGGREGATIONS:
        return boxed.broken(element, "aggregation", f"{aggregation} is no aggregation.")
    inputs = tuple(_input(boxed, one) for one in xml.children(element, "input"))
    outputs = tuple(_output(boxed, one) for one in xml.children(element, "output"))
    if not outputs:
        return boxed.broken(element, "no-output", "The table has no output.")
    if aggregation not in ("", "COUNT") and len(outputs) > 1:
        return boxed.broken(element, "aggregation", "Several outputs cannot be aggregated.")
    rows = list(xml.children(element, "rule"))
    rules = tuple(_rule(boxed, row) for row in rows)
    cells = (len(inputs), len(outputs))
    wrong = [
        boxed.broken(row, "rule-cells", "The rule has too many or too few cells.")
        for row, rule in zip(rows, rules, strict=True)
        if (len(rule.tests), len(rule.answers)) != cells
    ]
    return wrong[0] if wrong else Table(HitPolicy(policy), aggregation, inputs, outputs, rules)


def _input(boxed: Boxed, element: Element) -> Input:
    expression = xml.child(element, "inputExpression")
    values = boxed.tests(xml.child(element, "inputValues"))
    return Input(boxed.text(expression), boxed.item(expression), values)


def _output(boxed: Boxed, element: Element) -> Output:
    values = boxed.tests(xml.child(element, "outputValues"))
    default = xml.child(element, "defaultOutputEntry")
    return Output(
        xml.attribute(element, "name"),
        boxed.item(element),
        None if values is None else ListOf(values.tests),
        None if default is None else boxed.text(default),
    )


def _rule(boxed: Boxed, element: Element) -> Rule:
    tests = [boxed.tests(one) or Tests(()) for one in xml.children(element, "inputEntry")]
    answers = [boxed.text(one) for one in xml.children(element, "outputEntry")]
    return Rule(tuple(tests), tuple(answers))


RULES["decisionTable"] = table
