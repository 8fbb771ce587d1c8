"""DMN XML, read without entities, network or surprises."""

from collections.abc import Iterator

from lxml import etree

from engine.feel.dmn.errors import DmnError

MAX_BYTES = 2_000_000
NAMESPACES = frozenset(
    (
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    )
)
Element = etree._Element  # noqa: SLF001 -- the only name lxml gives the type


def root(xml: bytes) -> Element:
    """The `definitions` element; DmnError for anything else."""
    if len(xml) > MAX_BYTES:
        raise DmnError("The file is too large.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        found = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DmnError(f"The file is not well-formed XML: {error}") from error
    if found.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # missing in the stubs
        raise DmnError("A document type is not allowed.")
    if tag(found) != "definitions":
        raise DmnError("The file is not a DMN model of version 1.1 to 1.5.")
    return found


def tag(element: Element) -> str:
    """The local name of a DMN element, empty for elements of other namespaces."""
    name = etree.QName(element)
    return name.localname if name.namespace in NAMESPACES else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Direct children with one of these local names."""
    return (child for child in element if tag(child) in names)


def child(element: Element, *names: str) -> Element | None:
    """The first direct child with one of these local names."""
    return next(children(element, *names), None)


def text(element: Element | None) -> str:
    """The text of the `text` child, trimmed; empty if there is none."""
    inner = None if element is None else child(element, "text")
    return "" if inner is None or inner.text is None else inner.text.strip()


def attribute(element: Element | None, name: str) -> str:
    """The attribute's value, empty if it or the element is missing."""
    return "" if element is None else (element.get(name) or "").strip()
