"""What diagrams refer to in their bundle: message and document templates.

`runtime.check` looks after forms, decisions and called processes. A name that is an expression
cannot be followed before it runs; a name that is a plain text is.
"""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from engine import feel
from engine.findings import Finding, Severity
from engine.sla import Policy

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
LEVEL = re.compile(r"\blevel\s*\(\s*(\d{1,9})\s*\)")
CONDITIONS = frozenset({"documentsRequired"})
TEMPLATES = {"notify": "messages/{name}.{locale}.toml", "render_document": "documents/{name}.typ"}


def check(files: Mapping[str, bytes], locale: str, policy: Policy | None) -> Iterator[Finding]:
    """Findings for every name that leads nowhere; `locale` is the bundle's first one.

    `policy` is None where the bundle's SLA policy cannot be read.

    The diagrams have passed `runtime.check` before: they are small and well-formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for path in sorted(files):
        if path.endswith(".bpmn"):
            root = etree.fromstring(files[path], parser)
            yield from _check_templates(root, path, files, locale)
            yield from _check_conditions(root, path)
            yield from _check_levels(root, path, policy)


def _check_templates(
    root: etree._Element, path: str, files: Mapping[str, bytes], locale: str
) -> Iterator[Finding]:
    for operator in root.iter(f"{SPIFF}serviceTaskOperator"):
        pattern = TEMPLATES.get(operator.get("id", ""))
        for parameter in operator.iter(f"{SPIFF}parameter"):
            name = _plain_text(parameter.get("value", ""))
            if pattern is None or parameter.get("id") != "template" or name is None:
                continue
            wanted = pattern.format(name=name, locale=locale)
            if wanted not in files:
                yield _fault(path, operator, f"There is no {wanted} in the bundle.")


def _check_levels(root: etree._Element, path: str, policy: Policy | None) -> Iterator[Finding]:
    """Timers that ask for a level the ladder does not have."""
    known = {level.number for level in policy.levels} if policy else None
    for timer in root.iter(f"{BPMN}timerEventDefinition"):
        for number in LEVEL.findall("".join(str(text) for text in timer.itertext())):
            if known is not None and int(number) not in known:
                yield _fault(path, timer, f"The SLA policy has no level {number}.")


def _check_conditions(root: etree._Element, path: str) -> Iterator[Finding]:
    """Properties that are FEEL over the answers of a form."""
    for setting in root.iter(f"{SPIFF}property"):
        if setting.get("name") in CONDITIONS:
            try:
                feel.compile(setting.get("value", ""))
            except feel.FeelError as error:
                yield _fault(path, setting, f"{setting.get('name')}: {error}")


def _plain_text(expression: str) -> str | None:
    """The text of a FEEL string literal; None for any other expression."""
    inner = expression.strip()[1:-1]
    return inner if expression.strip() == f'"{inner}"' and '"' not in inner else None


def _fault(path: str, element: etree._Element, message: str) -> Finding:
    owner = next(
        (
            step
            for step in element.iterancestors()
            if step.tag.startswith(BPMN) and step.tag != f"{BPMN}extensionElements"
        ),
        None,
    )
    return Finding(
        path,
        owner.get("id") if owner is not None else None,
        "reference",
        Severity.ERROR,
        message,
        int(str(element.sourceline)) if element.sourceline else None,
    )
