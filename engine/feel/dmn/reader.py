"""A model's XML to what can be run, and a list of everything that is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.feel.compiler import compiled
from engine.feel.dmn import table_reader, xml
from engine.feel.dmn.boxed import Boxed
from engine.feel.dmn.items import Definition, Types
from engine.feel.dmn.model import (
    Decision,
    DecisionService,
    InputData,
    Knowledge,
    Model,
    Part,
    Reference,
)
from engine.feel.dmn.nodes import Typed
from engine.feel.dmn.xml import Element
from engine.feel.errors import FeelError
from engine.feel.expressions import Expression, compile_tests
from engine.feel.names import certain_variables
from engine.feel.syntax import Lambda, Node

TABLES = table_reader.table  # importing it teaches `boxed` the tables
_REQUIRED = ("requiredInput", "requiredDecision", "requiredKnowledge")
_REQUIREMENTS = ("informationRequirement", "knowledgeRequirement")


@dataclass(slots=True)
class Reading:
    """A model that was read, with its problems: element, rule, message."""

    model: Model
    root: Element
    types: Types
    problems: list[tuple[Element, str, str]] = field(default_factory=list)


def read(root: Element, imported: Mapping[str, "Reading"]) -> Reading:
    """The model below a `definitions` element; `imported` by namespace."""
    imports = {
        xml.attribute(one, "namespace"): xml.attribute(one, "name")
        for one in xml.children(root, "import")
    }
    problems: list[tuple[Element, str, str]] = []
    definitions = dict(_definitions(root, "", problems))
    for namespace, prefix in imports.items():
        if namespace in imported:
            definitions.update(_definitions(imported[namespace].root, f"{prefix}.", []))
    known = _names(root) | {name for one in imported.values() for name in _names(one.root)}
    language = xml.attribute(root, "expressionLanguage")
    boxed = Boxed(
        {"".join(name.split()): name for name in known}, Types(definitions), language, problems
    )
    namespace = xml.attribute(root, "namespace")
    parts = {part.id: part for part in _parts(root, boxed, namespace)}
    models = {key: one.model for key, one in imported.items()}
    model = Model(namespace, xml.attribute(root, "name"), parts, imports, models)
    return Reading(model, root, boxed.types, problems)


def _names(root: Element) -> frozenset[str]:
    """Every name of the model that is more than one word."""
    found = (xml.attribute(element, "name") for element in root.iter("{*}*"))
    return frozenset(name for name in found if name and not name.isidentifier())


def _definitions(
    root: Element, prefix: str, problems: list[tuple[Element, str, str]]
) -> Iterable[tuple[str, Definition]]:
    elements = list(xml.children(root, "itemDefinition"))
    renamed = {name: prefix + name for name in (xml.attribute(one, "name") for one in elements)}
    for element in elements:
        one = _definition(element, renamed, problems)
        yield renamed[one.name], one


def _definition(
    element: Element, renamed: Mapping[str, str], problems: list[tuple[Element, str, str]]
) -> Definition:
    """The definition; `renamed` gives the model's own types their names in the importing one."""
    reference = xml.child(element, "typeRef")
    base = "" if reference is None else (reference.text or "").strip()
    function = xml.child(element, "functionItem")
    components = xml.children(element, "itemComponent")
    return Definition(
        xml.attribute(element, "name"),
        renamed.get(base, base),
        tuple(_definition(one, renamed, problems) for one in components),
        xml.attribute(element, "isCollection") == "true",
        _allowed(xml.child(element, "allowedValues"), problems),
        None if function is None else _function(function),
    )


def _function(element: Element) -> tuple[tuple[str, ...], str]:
    parameters = xml.children(element, "parameters")
    kinds = tuple(xml.attribute(one, "typeRef") for one in parameters)
    return kinds, xml.attribute(element, "outputTypeRef")


def _allowed(
    element: Element | None, problems: list[tuple[Element, str, str]]
) -> Expression | None:
    source = xml.text(element)
    if element is None or not source:
        return None
    try:
        return compile_tests(source)
    except FeelError as error:
        problems.append((element, "feel-syntax", str(error)))
        return None


def _parts(root: Element, boxed: Boxed, namespace: str) -> Iterable[Part]:
    for element in root:
        match xml.tag(element):
            case "inputData":
                variable = xml.child(element, "variable")
                yield InputData(_id(element), _name(element), boxed.item(variable))
            case "decision":
                yield _decision(element, boxed, namespace)
            case "businessKnowledgeModel":
                yield _knowledge(element, boxed, namespace)
            case "decisionService":
                yield _service(element, namespace)


def _id(element: Element) -> str:
    return xml.attribute(element, "id") or xml.attribute(element, "name")


def _name(element: Element) -> str:
    variable = xml.child(element, "variable")
    return xml.attribute(variable, "name") or xml.attribute(element, "name")


def _decision(element: Element, boxed: Boxed, namespace: str) -> Decision:
    item = boxed.item(xml.child(element, "variable"))
    requires = _requires(element, namespace)
    node = boxed.expression(element)
    reads = certain_variables(node)
    return Decision(_id(element), _name(element), item, requires, reads, compiled(node))


def _knowledge(element: Element, boxed: Boxed, namespace: str) -> Knowledge:
    logic = xml.child(element, "encapsulatedLogic")
    variable = xml.child(element, "variable")
    item = boxed.item(variable)
    node: Node = Lambda((), (), None)
    if logic is not None:
        node = boxed.function(logic)
    # Old models give a function's variable the type of its result, new ones a function type.
    is_result = item is not None and item.shape.name != "function"
    if isinstance(node, Lambda) and node.body is not None and item is not None and is_result:
        node = Lambda(node.parameters, node.types, Typed(node.body, item))
    requires = _requires(element, namespace)
    reads = certain_variables(node)
    return Knowledge(_id(element), _name(element), None, requires, reads, compiled(node))


def _service(element: Element, namespace: str) -> DecisionService:
    outputs = _references(xml.children(element, "outputDecision"), namespace)
    parameters = _references(xml.children(element, "inputDecision", "inputData"), namespace)
    return DecisionService(_id(element), _name(element), outputs, parameters)


def _requires(element: Element, namespace: str) -> tuple[Reference, ...]:
    requirements = xml.children(element, *_REQUIREMENTS)
    required = (one for each in requirements for one in xml.children(each, *_REQUIRED))
    return _references(required, namespace)


def _references(elements: Iterable[Element], namespace: str) -> tuple[Reference, ...]:
    found = []
    for element in elements:
        where, _, identifier = xml.attribute(element, "href").rpartition("#")
        found.append((where or namespace, identifier))
    return tuple(found)
