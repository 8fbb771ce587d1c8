import io
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest

from engine import clock
from tasks.documents import glyphs, processes, rendering
from tasks.documents.errors import FontsMissingError, RenderTimeoutError, TemplateError
from tests.requirements import demand
from tests.unit.documents import builders

LANGUAGES = {
    "hi": "श्री राम कुमार क्षत्रिय, मीटर बदला गया",
    "ta": "திரு. முருகன் செல்வம், சேவை ஆய்வு",
    "pl": "Zażółć gęślą jaźń, źdźbło ŻÓŁĆ",
    "en": "₹ 1 250,00 — “quoted” · 5 °C",
}


def rendered(template: str, **options: object) -> bytes:
    given = {"data": {}, "title": "Title", "lang": "en", "moment": builders.MOMENT} | options
    return rendering.render(template, **given)


def text_of(pdf: bytes, folder: Path) -> str:
    demand("pdftotext")
    (folder / "a.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", str(folder / "a.pdf"), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_letter_is_archival_and_accessible():
    with pikepdf.open(io.BytesIO(builders.plain_letter())) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.OutputIntents[0].S) == "/GTS_PDFA1"


def test_title_and_language_are_in_the_document():
    with pikepdf.open(io.BytesIO(builders.letter(title="Decyzja", lang="pl-PL"))) as pdf:
        assert str(pdf.Root.Lang) == "pl"
        assert pdf.open_metadata()["dc:title"] == "Decyzja"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_script_has_its_glyphs_embedded(lang: str):
    pdf = builders.letter(lang=lang, text=LANGUAGES[lang])
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fonts = [
            item
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all("NotoSans" in str(font.FontName) for font in fonts)
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_our_fonts_cover_the_languages_we_speak(lang: str):
    text = LANGUAGES[lang]
    assert glyphs.legible(text, glyphs.coverage(rendering.FONTS)) == text


def test_tamil_is_set_in_the_tamil_font():
    with pikepdf.open(io.BytesIO(builders.letter(text=LANGUAGES["ta"]))) as pdf:
        names = {str(item.get("/BaseFont", "")) for item in pdf.objects if is_font(item)}
    assert any("NotoSansTamil" in name for name in names)


def is_font(item: pikepdf.Object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item


def test_polish_text_can_be_copied_from_the_document(tmp_path: Path):
    text = text_of(builders.letter(lang="pl", text=LANGUAGES["pl"]), tmp_path)
    assert "Zażółć gęślą jaźń, źdźbło ŻÓŁĆ" in text
    assert "Strona 1 z 1" in text


def test_a_character_without_glyph_does_not_stop_the_letter(tmp_path: Path):
    text = text_of(builders.letter(text="Hello 🙂 漢"), tmp_path)
    assert "Hello \N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER}" in text


def test_the_same_data_and_moment_make_the_same_bytes():
    assert builders.letter() == builders.letter()


def test_a_new_process_makes_the_same_bytes():
    before = builders.letter()
    rendering.close()
    assert builders.letter() == before


def test_another_moment_makes_other_bytes():
    later = builders.MOMENT + timedelta(days=1)
    assert rendered("= A") != rendered("= A", moment=later)


def test_the_moment_is_the_products_clock_unless_given(tmp_path: Path):
    template = "#datetime.today().display()"
    with clock.frozen_at(datetime(2031, 5, 4, 12, tzinfo=UTC)):
        assert "2031-05-04" in text_of(rendered(template, moment=None), tmp_path)


def test_attachments_can_be_read_back():
    with pikepdf.open(io.BytesIO(builders.plain_letter())) as pdf:
        attached = pdf.attachments["answers.json"]
        assert b"\\u20b9 1 250,00" in attached.get_file().read_bytes()
        assert str(attached.obj.AFRelationship) == "/Data"
        assert attached.get_file().mime_type == "application/json"


def test_data_is_never_read_as_markup(tmp_path: Path):
    hostile = '#read("/etc/passwd") *bold* $x$ #panic()'
    assert hostile in text_of(builders.letter(text=hostile), tmp_path)


def test_a_broken_template_names_its_line():
    with pytest.raises(TemplateError, match="unknown variable: foo") as caught:
        rendered("= Title\n\n#foo")
    assert (caught.value.file, caught.value.line) == ("template.typ", 3)


def test_a_mistake_in_an_imported_file_names_that_file():
    with pytest.raises(TemplateError) as caught:
        rendered('#import "/part.typ": x', files={"part.typ": b"#let x = \n#let"})
    assert caught.value.file == "part.typ"


def test_a_picture_without_description_is_refused():
    with pytest.raises(TemplateError, match="alt"):
        rendered('#image("/a.svg")', files={"a.svg": builders.LOGO})


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../etc/passwd", "/../../etc/passwd"])
def test_no_file_outside_can_be_read(path: str):
    with pytest.raises(TemplateError) as caught:
        rendered(f'#read("{path}")')
    assert "/tmp" not in str(caught.value)


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", ""])
def test_no_file_can_be_put_outside(name: str):
    with pytest.raises(TemplateError, match="may not be called"):
        rendered("= A", files={name: b""})


def test_a_template_may_not_replace_the_frame():
    pdf = rendered("= A", files={"main.typ": b"#panic()", "template.typ": b"#panic()"})
    assert pdf.startswith(b"%PDF-")


def test_packages_are_not_fetched():
    with pytest.raises(TemplateError, match="package"):
        rendered('#import "@preview/example:0.1.0": x')


def test_a_package_name_tells_nobody_anything(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
        monkeypatch.setitem(processes.ENVIRONMENT, "HTTPS_PROXY", proxy)
        listener.settimeout(5)
        rendering.close()
        with ThreadPoolExecutor(max_workers=1) as pool:
            work = pool.submit(rendered, '#import "@preview/secret:0.1.0": x')
            listener.accept()[0].close()  # It asks the proxy it is given, so ours stops it.
            assert isinstance(work.exception(), TemplateError)
    rendering.close()


def test_a_template_that_never_ends_is_stopped():
    endless = "#let x = 0\n#while x < 1 { x = x * 1 }"
    with pytest.raises((RenderTimeoutError, TemplateError)):
        rendered(endless, timeout=timedelta(seconds=1))


def test_a_slow_template_is_stopped_in_time_and_the_next_one_works():
    slow = "#for i in range(100000) { for j in range(100000) { str(i + j) } }"
    with pytest.raises(RenderTimeoutError):
        rendered(slow, timeout=timedelta(milliseconds=400))
    assert rendered("= A").startswith(b"%PDF-")


def test_a_template_that_eats_memory_is_stopped():
    with pytest.raises(RenderTimeoutError):
        rendered('#let s = "a"\n#for i in range(60) { s += s }', timeout=timedelta(seconds=3))


def test_documents_may_be_made_in_several_threads():
    with ThreadPoolExecutor(max_workers=4) as pool:
        made = list(pool.map(lambda i: builders.letter(text=f"Number {i}"), range(4)))
    again = [builders.letter(text=f"Number {i}") for i in range(4)]
    assert made == again


def test_a_lost_process_is_replaced():
    rendered("= A")
    for process in rendering.COMPILERS[rendering.FONTS].idle:
        process.child.kill()
        process.child.wait()
    assert rendered("= A").startswith(b"%PDF-")


def test_the_process_ends_when_its_input_ends():
    rendered("= A")
    process = rendering.COMPILERS[rendering.FONTS].idle.pop()
    process.child.stdin.close()
    assert process.child.wait(timeout=10) == 0
    process.child.stdout.close()


def test_without_fonts_nothing_is_made(tmp_path: Path):
    with pytest.raises(FontsMissingError):
        rendered("= A", fonts=tmp_path)


def test_a_long_letter_numbers_its_pages_and_repeats_the_header(tmp_path: Path):
    rows = [[f"Item {number}", "₹ 1,00"] for number in range(90)]
    text = text_of(builders.letter(rows=rows), tmp_path)
    assert "Page 1 of 3" in text
    assert "Page 3 of 3" in text
    assert text.count("Sum") == 3
