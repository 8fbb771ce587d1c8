"""Reads the public conformance cases of DMN: models, inputs and expected values."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

from engine.feel import FeelError, dmn, temporal
from engine.feel.operators import equal

FOLDER = Path(__file__).parents[4] / "shared" / "dmn-tck"
CASES = "{http://www.omg.org/spec/DMN/20160719/testcase}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
TOLERANCE = Decimal("1e-8")
READERS = {
    "string": str,
    "boolean": lambda text: text.strip() == "true",
    "decimal": Decimal,
    "double": Decimal,
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "dateTime": temporal.parse_datetime,
    "duration": temporal.parse_duration,
}


@dataclass(frozen=True)
class Case:
    """One test case: a model's decisions with the values they must have."""

    id: str
    model: Path
    element: ET.Element

    def failures(self) -> list[str]:
        model = _model(self.model)
        inputs = {
            node.attrib["name"]: _value(node) for node in self.element.iter(f"{CASES}inputNode")
        }
        results = self.element.iter(f"{CASES}resultNode")
        return [line for node in results for line in _compare(model, inputs, node)]


def cases() -> Iterator[Case]:
    for file in sorted(FOLDER.glob("compliance-level-*/*/*.xml")):
        root = ET.parse(file).getroot()
        level, folder = file.parts[-3][-1], file.parts[-2]
        number = file.stem.rpartition("-")[2]
        model = file.parent / (root.findtext(f"{CASES}modelName") or "").strip()
        for element in root.iter(f"{CASES}testCase"):
            yield Case(f"{level}/{folder}/{number}/{element.get('id')}", model, element)


@lru_cache
def _model(file: Path) -> dmn.Model:
    others = [other.read_bytes() for other in file.parent.glob("*.dmn") if other != file]
    return dmn.parse(file.read_bytes(), others)


def _compare(model: dmn.Model, inputs: dict, node: ET.Element) -> list[str]:
    name = node.attrib["name"]
    expected = _value(node.find(f"{CASES}expected"))
    try:
        found = dmn.decide(model, name, inputs)
    except FeelError as error:
        found = None if node.get("errorResult") == "true" else error
    return [] if same(found, expected) else [f"{name}: {found!r} instead of {expected!r}"]


def same(found: object, expected: object) -> bool:
    if isinstance(found, Decimal) and isinstance(expected, Decimal):
        return abs(found - expected) <= TOLERANCE * max(1, abs(expected))
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(
            same(value, expected[key]) for key, value in found.items()
        )
    return equal(found, expected) is True


def _value(node: ET.Element) -> object:
    components = node.findall(f"{CASES}component")
    if components:
        return {one.attrib["name"]: _value(one) for one in components}
    items = node.find(f"{CASES}list")
    if items is not None:
        return [_value(item) for item in items.findall(f"{CASES}item")]
    value = node.find(f"{CASES}value")
    if value is None or value.get(f"{XSI}nil") == "true":
        return None
    kind = value.get(f"{XSI}type", "xsd:string").partition(":")[2]
    return READERS[kind](value.text or "")
