"""Draws small diagrams: elements as lines of XML, flows as `a > b > c`."""

import re
from collections.abc import Mapping

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="defs"'
    ' targetNamespace="urn:test">\n'
)


def flows(text: str) -> str:
    """Sequence flows of chains such as `a > b [x = 1]> c; a *> d` (`*` marks the default)."""
    found = []
    for chain in filter(None, (part.strip() for part in text.split(";"))):
        parts = re.split(r"\s*(\[[^\]]*\]|\*)?>\s*", chain)
        for source, condition, target in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
            inner = ""
            if condition and condition != "*":
                escaped = condition[1:-1].replace("<", "&lt;")
                inner = f"<bpmn:conditionExpression>{escaped}</bpmn:conditionExpression>"
            name = f"{source}__{target}"
            found.append(
                f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">'
                f"{inner}</bpmn:sequenceFlow>"
            )
    return "\n".join(found)


def process(*lines: str, flow: str = "", head: str = "", name: str = "main") -> bytes:
    """A file with one process."""
    body = "\n".join((*lines, flows(flow)))
    return (
        f'{HEAD}{head}<bpmn:process id="{name}" isExecutable="true">\n{body}\n'
        "</bpmn:process></bpmn:definitions>"
    ).encode()


def files(*lines: str, flow: str = "", head: str = "", **others: bytes) -> dict[str, bytes]:
    """A bundle with one diagram, and others under their names."""
    bundle = {"process.bpmn": process(*lines, flow=flow, head=head)}
    return bundle | {f"{name}.bpmn": data for name, data in others.items()}


def node(kind: str, element_id: str, inner: str = "", **attributes: str) -> str:
    """One element."""
    written = "".join(f' {key}="{_quoted(value)}"' for key, value in attributes.items())
    return f'<bpmn:{kind} id="{element_id}"{written}>{inner}</bpmn:{kind}>'


def start(element_id: str = "begin") -> str:
    return node("startEvent", element_id)


def end(element_id: str = "end", event: str = "") -> str:
    return node("endEvent", element_id, event)


def user(element_id: str, inner: str = "", **properties: str) -> str:
    return node("userTask", element_id, settings(properties) + inner)


def job(element_id: str, kind: str = "notify", result: str = "", **parameters: str) -> str:
    listed = "".join(
        f'<spiffworkflow:parameter id="{name}" type="str" value="{_quoted(text)}"/>'
        for name, text in parameters.items()
    )
    variable = f' resultVariable="{result}"' if result else ""
    return node(
        "serviceTask",
        element_id,
        f'<bpmn:extensionElements><spiffworkflow:serviceTaskOperator id="{kind}"{variable}>'
        f"<spiffworkflow:parameters>{listed}</spiffworkflow:parameters>"
        "</spiffworkflow:serviceTaskOperator></bpmn:extensionElements>",
    )


def script(element_id: str, text: str, result: str = "") -> str:
    inner = settings({"resultVariable": result} if result else {})
    return node(
        "scriptTask",
        element_id,
        f"{inner}<bpmn:script>{_quoted(text)}</bpmn:script>",
        scriptFormat="feel",
    )


def settings(properties: Mapping[str, str]) -> str:
    if not properties:
        return ""
    listed = "".join(
        f'<spiffworkflow:property name="{name}" value="{_quoted(text)}"/>'
        for name, text in properties.items()
    )
    return (
        "<bpmn:extensionElements><spiffworkflow:properties>"
        f"{listed}</spiffworkflow:properties></bpmn:extensionElements>"
    )


def timer(expression: str, kind: str = "timeDuration") -> str:
    return (
        f"<bpmn:timerEventDefinition><bpmn:{kind}>{_quoted(expression)}</bpmn:{kind}>"
        "</bpmn:timerEventDefinition>"
    )


def boundary(element_id: str, host: str, event: str, *, interrupting: bool = True) -> str:
    cancel = "true" if interrupting else "false"
    return node("boundaryEvent", element_id, event, attachedToRef=host, cancelActivity=cancel)


def sub(element_id: str, *lines: str, flow: str = "") -> str:
    return node("subProcess", element_id, "\n".join((*lines, flows(flow))))


def gateway(element_id: str, default: str = "", kind: str = "exclusiveGateway") -> str:
    return node(kind, element_id, **({"default": f"{element_id}__{default}"} if default else {}))


def error(reference: str = "") -> str:
    named = f' errorRef="{reference}"' if reference else ""
    return f"<bpmn:errorEventDefinition{named}/>"


def message(reference: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{reference}"/>'


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
