"""Boxed expressions of the XML to the nodes of the expression language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.feel.dmn import xml
from engine.feel.dmn.items import Item, Types
from engine.feel.dmn.nodes import Broken, Guarded, Truth, Typed
from engine.feel.dmn.xml import Element
from engine.feel.errors import FeelError
from engine.feel.limits import MAX_NESTING, spend
from engine.feel.parser import parse, parse_tests
from engine.feel.syntax import (
    Call,
    ContextOf,
    Filter,
    For,
    If,
    Iteration,
    Lambda,
    ListOf,
    Literal,
    Node,
    Quantified,
    Tests,
    TypeName,
)

FEEL = frozenset(
    (
        "",
        "feel",
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    )
)


@dataclass(slots=True)
class Boxed:
    """Reads boxed expressions of one model; what is wrong with them is kept in `problems`."""

    names: Mapping[str, str]  # without blanks: with them
    types: Types
    language: str = ""
    problems: list[tuple[Element, str, str]] = field(default_factory=list)
    depth: int = 0

    def expression(self, parent: Element | None) -> Node:
        """The one expression inside an element; null if there is none."""
        if parent is None:
            return Literal(None)
        for element in parent:
            rule = RULES.get(xml.tag(element))
            if rule is not None:
                return self._typed(element, self._nested(rule, element))
        return Literal(None)

    def _nested(self, rule: "Callable[[Boxed, Element], Node]", element: Element) -> Node:
        if self.depth >= MAX_NESTING:
            return self.broken(element, "boxed-too-deep", "The boxed expression is too deep.")
        self.depth += 1
        node = rule(self, element)
        self.depth -= 1
        return node

    def _typed(self, element: Element, node: Node) -> Node:
        item = self.types.item(xml.attribute(element, "typeRef"))
        is_function = item is not None and item.shape.name == "function"
        return node if item is None or is_function else Typed(node, item)

    def broken(self, element: Element, rule: str, message: str) -> Node:
        """Note what is wrong with an element, and go on with something that raises."""
        self.problems.append((element, rule, message))
        return Broken(message)

    def text(self, element: Element | None, text: str | None = None) -> Node:
        """The expression in the `text` child; null if it is empty."""
        source = xml.text(element) if text is None else text
        if element is None or not source:
            return Literal(None)
        language = xml.attribute(element, "expressionLanguage") or self.language
        if language.lower() not in {known.lower() for known in FEEL}:
            return self.broken(element, "language", f"The language {language} is not known.")
        known = self.known(source)
        try:
            return parse(source, known, self.types.shapes)
        except FeelError as error:
            return self.broken(element, "feel-syntax", str(error))

    def tests(self, element: Element | None) -> Tests | None:
        """The unary tests in the `text` child; None if it is empty."""
        source = xml.text(element)
        if element is None or not source:
            return None
        known = self.known(source)
        try:
            return parse_tests(source, known, self.types.shapes)
        except FeelError as error:
            return Tests((self.broken(element, "feel-syntax", str(error)),))

    def known(self, source: str) -> list[str]:
        """Names of the model that may occur in the text."""
        spend(1 + len(self.names) // 16)
        squeezed = "".join(source.split())
        return [name for short, name in self.names.items() if short in squeezed]

    def context(self, element: Element) -> Node:
        """A boxed context; an entry without a name is its result."""
        entries: list[tuple[str, Node]] = []
        result: Node | None = None
        for entry in xml.children(element, "contextEntry"):
            variable = xml.child(entry, "variable")
            value = self.expression(entry)
            name = xml.attribute(variable, "name")
            if not name:
                result = value
                continue
            if any(name == other for other, _ in entries):
                return self.broken(entry, "duplicate-entry", f"The entry {name} occurs twice.")
            item = self.item(variable)
            entries.append((name, value if item is None else Typed(value, item)))
        return ContextOf(tuple(entries), result)

    def item(self, element: Element | None) -> Item | None:
        """The type an element's typeRef asks for."""
        return self.types.item(xml.attribute(element, "typeRef"))

    def function(self, element: Element) -> Node:
        """A function definition; of Java or PMML it is one that gives null."""
        names: list[str] = []
        types: list[TypeName | None] = []
        for parameter in xml.children(element, "formalParameter"):
            names.append(xml.attribute(parameter, "name"))
            types.append(self.types.shape(xml.attribute(parameter, "typeRef")))
        foreign = xml.attribute(element, "kind") not in ("", "FEEL")
        body = None if foreign else self.expression(element)
        return Lambda(tuple(names), tuple(types), body)

    def invocation(self, element: Element) -> Node:
        """A boxed call with arguments by name."""
        names: list[str] = []
        arguments: list[Node] = []
        for binding in xml.children(element, "binding"):
            names.append(xml.attribute(xml.child(binding, "parameter"), "name"))
            arguments.append(self.expression(binding))
        return Call(
            self.text(xml.child(element, "literalExpression")), tuple(arguments), tuple(names)
        )

    def sequence(self, element: Element) -> Node:
        """A boxed list."""
        found = [
            self._nested(RULES[xml.tag(one)], one) for one in element if xml.tag(one) in RULES
        ]
        return ListOf(tuple(found))

    def relation(self, element: Element) -> Node:
        """A boxed relation: a list of contexts with the same entries."""
        names = [xml.attribute(column, "name") for column in xml.children(element, "column")]
        rows = []
        for row in xml.children(element, "row"):
            cells = self.sequence(row)
            values = cells.items if isinstance(cells, ListOf) else ()
            rows.append(ContextOf(tuple(zip(names, values, strict=False))))
        return ListOf(tuple(rows))

    def conditional(self, element: Element) -> Node:
        """A boxed if."""
        condition = Truth(self.expression(xml.child(element, "if")))
        then = self.expression(xml.child(element, "then"))
        return Guarded(If(condition, then, self.expression(xml.child(element, "else"))))

    def filter(self, element: Element) -> Node:
        """A boxed filter."""
        base = self.expression(xml.child(element, "in"))
        match = self.expression(xml.child(element, "match"))
        return Guarded(Filter(base, Truth(match)))

    def loop(self, element: Element) -> Node:
        """A boxed for, some or every."""
        source = self.expression(xml.child(element, "in"))
        steps = (Iteration(xml.attribute(element, "iteratorVariable"), source),)
        kind = xml.tag(element)
        if kind == "for":
            return For(steps, self.expression(xml.child(element, "return")))
        condition = Truth(self.expression(xml.child(element, "satisfies")))
        return Guarded(Quantified(kind == "every", steps, condition))


RULES: dict[str, Callable[[Boxed, Element], Node]] = {
    "literalExpression": Boxed.text,
    "context": Boxed.context,
    "functionDefinition": Boxed.function,
    "invocation": Boxed.invocation,
    "list": Boxed.sequence,
    "relation": Boxed.relation,
    "conditional": Boxed.conditional,
    "filter": Boxed.filter,
    "for": Boxed.loop,
    "some": Boxed.loop,
    "every": Boxed.loop,
}
