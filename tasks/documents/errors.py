"""What can go wrong with a document; `retryable` says whether a later try may succeed."""

from typing import ClassVar

from engine.errors import EngineError, InvalidError


class DocumentError(EngineError):
    """The document could not be made."""

    code = "document_error"
    retryable: ClassVar[bool] = False


class TemplateError(DocumentError):
    """The document template is broken. `line` and `file` say where, as far as typst knows."""

    code = "template_error"

    def __init__(
        self, message: str | None = None, *, line: int | None = None, file: str | None = None
    ) -> None:
        self.line = line
        self.file = file
        super().__init__(message, line=line, file=file)


class RenderTimeoutError(TemplateError):
    """The template took too long or too much memory and was stopped."""

    code = "render_timeout"


class FontsMissingError(DocumentError):
    """The fonts for documents are not there. Build the product, or name a folder with them."""

    code = "fonts_missing"


class KeysError(DocumentError):
    """The signing keys cannot be used."""

    code = "keys_error"


class KeysMissingError(KeysError):
    """There are no signing keys in this folder, and no organisation was named to make them for."""

    code = "keys_missing"


class WrongPassphraseError(KeysError):
    """The signing keys cannot be opened: the passphrase is wrong or a key file is damaged."""

    code = "wrong_passphrase"


class SigningFailedError(DocumentError):
    """This PDF cannot be signed as it is."""

    code = "signing_failed"


class TimestampUnavailableError(DocumentError):
    """The timestamp authority did not answer as it should. Try again later."""

    code = "timestamp_unavailable"
    retryable = True


class RejectedUploadError(InvalidError):
    """This file cannot be accepted. The message tells the sender what to do instead."""

    def __init__(self, code: str, message: str, **facts: object) -> None:
        super().__init__(message, **facts)
        self.reason = code
