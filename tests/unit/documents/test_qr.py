import io
import xml.etree.ElementTree as ET

import segno

from tasks.documents import qr


def test_a_code_is_a_vector_picture():
    assert ET.fromstring(qr.svg("https://example.org/v/1")).tag.endswith("svg")


def test_a_code_is_the_one_of_the_standard():
    text = "https://example.org/v/7K3MQ2XA9"
    expected = io.BytesIO()
    segno.make(text, error="m", micro=False).save(expected, kind="svg", scale=4, border=0)
    assert qr.svg(text) == expected.getvalue()


def test_the_same_text_makes_the_same_code():
    assert qr.svg("x") == qr.svg("x") != qr.svg("y")
