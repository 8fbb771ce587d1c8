"""XML from strangers: read without entities, DTD or network, within limits.

`read` answers a tree or raises HostileXmlError with one line that says what is wrong; no input
makes it use more than a small multiple of MAX_BYTES of memory.
"""

from lxml import etree

MAX_BYTES = 2 * 1024 * 1024
MAX_ELEMENTS = 10_000
MAX_DEPTH = 200
_DOCTYPE = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))


class HostileXmlError(ValueError):
    """The file is not XML that this product reads; the message says why."""

    def __init__(self, rule: str, message: str, line: int | None = None) -> None:
        self.rule = rule
        self.line = line
        super().__init__(message)


def read(data: bytes) -> etree._Element:
    """The root of the document; raises HostileXmlError."""
    if len(data) > MAX_BYTES:
        megabytes = len(data) / 1024 / 1024
        raise HostileXmlError(
            "xml-size", f"The file has {megabytes:.1f} MB; at most 2 MB are read. Make it smaller."
        )
    if any(mark in data for mark in _DOCTYPE):
        raise HostileXmlError(
            "xml-doctype", "The file has a document type declaration. Remove <!DOCTYPE ...>."
        )
    root = _parsed(data)
    if root.getroottree().docinfo.internalDTD is not None:
        raise HostileXmlError("xml-doctype", "Remove the document type declaration.")
    _measure(root)
    return root


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        reason = (error.msg or "no document").splitlines()[0]
        raise HostileXmlError(
            "xml-syntax", f"Not well-formed XML: {reason}.", error.lineno
        ) from None
    except (ValueError, LookupError) as error:
        raise HostileXmlError("xml-syntax", f"Not readable as XML: {error}.") from None


def _measure(root: etree._Element) -> None:
    count, depth = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if count > MAX_ELEMENTS:
            raise HostileXmlError(
                "xml-elements",
                f"The file has more than {MAX_ELEMENTS} XML elements. Split the diagram.",
            )
        if depth > MAX_DEPTH:
            raise HostileXmlError(
                "xml-depth",
                f"XML elements are nested deeper than {MAX_DEPTH}. Flatten the diagram.",
            )
