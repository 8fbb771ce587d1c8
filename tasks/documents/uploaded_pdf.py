"""Uploaded PDFs: opened under limits, and rewritten from their pages without what can act.

`Pdf.objects` lists indirect objects only, so the walk follows direct ones as well; a signed
file is never rewritten, so there what can act is a reason to refuse it.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from tasks.documents.errors import RejectedUploadError
from tasks.documents.hostile import PARSER_ERRORS
from tasks.documents.policy import Policy

MAX_OBJECTS = 200_000
MAX_DEPTH = 60
ATTACHMENT = "another file inside"
DATA_SUFFIXES = (".json", ".xml", ".csv", ".txt")
"""Attachments that a signed file may keep: data, as in our own applications and in invoices."""
ACTIONS = {
    "/JavaScript": "a script",
    "/Launch": "a command to start a program",
    "/SubmitForm": "a form that sends data",
    "/ImportData": "a form that reads files",
    "/GoToE": "a link into another file",
    "/GoToR": "a link into another file",
    "/Rendition": "a film or sound",
    "/Movie": "a film or sound",
    "/Sound": "a film or sound",
    "/RichMediaExecute": "a film or sound",
}
KEYS = {
    "/JS": "a script",
    "/XFA": "an XFA form",
    "/EmbeddedFiles": ATTACHMENT,
    "/RichMediaContent": "a film or sound",
}
SIGNED = "signed"
DANGEROUS = frozenset({"a script", "a command to start a program"})
"""Nobody's scanner makes these: refused even where rewriting would remove them."""
KEPT_ANNOTATIONS = frozenset(
    {"/FreeText", "/Text", "/Highlight", "/Underline", "/StrikeOut", "/Ink", "/Stamp", "/Square"}
)
BROKEN = (pikepdf.PdfError, *PARSER_ERRORS)


@dataclass(frozen=True)
class CleanPdf:
    """The PDF to keep, what was taken out of it, and whether it came signed."""

    data: bytes
    pages: int
    signed: bool
    changes: tuple[str, ...]


def cleaned(data: bytes, policy: Policy) -> CleanPdf:
    """Check the PDF and take out what can act; raises RejectedUploadError."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _checked(data, pdf, policy)
    except pikepdf.PasswordError as error:
        raise _refusal(
            "encrypted", "This PDF is protected by a password. Save it without one and send that."
        ) from error
    except BROKEN as error:
        raise _refusal(
            "unreadable", "This PDF is damaged. Print it to a new PDF, or scan it again."
        ) from error


def _checked(data: bytes, pdf: Pdf, policy: Policy) -> CleanPdf:
    if pdf.is_encrypted:
        raise _refusal(
            "encrypted", "This PDF is encrypted. Save it without protection and send that."
        )
    pages = len(pdf.pages)
    if not pages:
        raise _refusal("unreadable", "This PDF has no page. Scan the document again.")
    if pages > policy.max_pages:
        raise _refusal(
            "too_many_pages",
            f"This PDF has {pages} pages; {policy.max_pages} are accepted. Send it in parts.",
        )
    found = frozenset(_findings(pdf))
    signed = SIGNED in found
    harmless = {SIGNED, ATTACHMENT} if _attaches_data_only(pdf) else {SIGNED}
    _refuse_what_acts(found - harmless, signed=signed)
    if signed:
        _refuse_what_is_loose(data, pdf)
        return CleanPdf(data, pages, signed=True, changes=())
    changes = tuple(sorted(f"removed: {what}" for what in found - {SIGNED}))
    return CleanPdf(_rewritten(pdf, policy), pages, signed=False, changes=changes)


def _refuse_what_acts(found: frozenset[str], *, signed: bool) -> None:
    refused = found if signed else found & DANGEROUS
    if refused:
        raise _refusal(
            "active_content",
            f"This PDF contains {', '.join(sorted(refused))}. Print it to a new PDF instead.",
        )


def _attaches_data_only(pdf: Pdf) -> bool:
    return all(name.lower().endswith(DATA_SUFFIXES) for name in pdf.attachments)


def _refuse_what_is_loose(data: bytes, pdf: Pdf) -> None:
    """A signed file stays as it is, so it must be sound and hold nothing behind its end."""
    if pdf.get_warnings() or not data.rstrip(b"\r\n \t").endswith(b"%%EOF"):
        raise _refusal(
            "unreadable", "This signed PDF is damaged. Send the file as your program signed it."
        )


def _findings(pdf: Pdf) -> Iterator[str]:
    """What in the file can act, in words, and whether it is signed."""
    if len(pdf.objects) > MAX_OBJECTS:
        raise _refusal("too_complex", "This PDF is too complex. Print it to a new PDF.")
    yield from _walk(pdf.trailer, 0)
    for item in pdf.objects:
        yield from _walk(item, 0)


def _walk(item: Object, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise _refusal("too_complex", "This PDF is too complex. Print it to a new PDF.")
    if isinstance(item, Array):
        children = list(item)
    elif isinstance(item, Dictionary | pikepdf.Stream):
        yield from _dictionary_findings(item)
        children = [item[key] for key in item.keys()]  # noqa: SIM118 -- not a mapping
    else:
        return
    for child in children:
        if isinstance(child, Array | Dictionary) and not child.is_indirect:
            yield from _walk(child, depth + 1)


def _dictionary_findings(item: Object) -> Iterator[str]:
    kind = str(item.get("/Type", ""))
    if kind in ("/Sig", "/DocTimeStamp") and "/ByteRange" in item:
        yield SIGNED
    if kind in ("/EmbeddedFile", "/Filespec"):
        yield ATTACHMENT
    action = ACTIONS.get(str(item.get("/S", "")))
    if action:
        yield action
    yield from (what for key, what in KEYS.items() if key in item)


def _rewritten(pdf: Pdf, policy: Policy) -> bytes:
    """A new file with the pages alone: what they do not reach is left behind.

    Filled-in fields and stamps become part of the page first, so nothing visible is lost.
    """
    pdf.flatten_annotations("screen")
    for page in pdf.pages:
        _quieten(page.obj)
    fresh = pikepdf.new()
    fresh.pages.extend(pdf.pages)
    output = io.BytesIO()
    fresh.save(output, deterministic_id=True)
    if output.tell() > 2 * policy.max_bytes:
        raise _refusal("too_large", "This PDF is too large. Send a smaller scan or fewer pages.")
    return output.getvalue()


def _quieten(page: Object) -> None:
    for key in ("/AA", "/B", "/Metadata", "/PieceInfo", "/AF", "/Dur", "/Trans"):
        if key in page:
            del page[key]
    if Name.Annots in page:
        page.Annots = Array([note for note in page.Annots if _is_harmless(note)])


def _is_harmless(note: Object) -> bool:
    if not isinstance(note, Dictionary) or "/AA" in note or "/A" in note:
        return False
    return str(note.get("/Subtype", "")) in KEPT_ANNOTATIONS


def _refusal(code: str, message: str) -> RejectedUploadError:
    return RejectedUploadError(code, message)
