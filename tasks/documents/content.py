"""What an upload holds: the one place that tells kinds of files apart, by content alone."""

from tasks.documents import pictures, uploaded_pdf
from tasks.documents.errors import RejectedUploadError
from tasks.documents.policy import Content, Kind, Policy

PDF_HEADER = b"%PDF-"


def cleaned(data: bytes, policy: Policy) -> Content:
    """Decode and encode the file anew; raises RejectedUploadError."""
    if not data.startswith(PDF_HEADER):
        picture = pictures.cleaned(data, policy)
        return Content(picture.kind, picture.data, changes=picture.changes)
    if Kind.PDF not in policy.kinds:
        raise RejectedUploadError("type", "A PDF is not accepted here. Send a picture instead.")
    pdf = uploaded_pdf.cleaned(data, policy)
    return Content(Kind.PDF, pdf.data, pdf.pages, pdf.signed, pdf.changes)
