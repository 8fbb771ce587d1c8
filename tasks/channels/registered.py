"""Texts that are registered with an operator, who drops what differs from the registration.

Better refused here, with a reason, than dropped there in silence: TRAI TCCCPR 2018 (DLT) for
SMS, the template rules of the WhatsApp Business Platform.
"""

import re
from collections.abc import Iterator

from tasks.channels.port import Outgoing, RefusedMessageError

SMS_ADDRESS = re.compile(r"https?://\S{1,256}")
SMS_VALUE = re.compile(r"[^\r\n]{0,30}")
SMS_PLACEHOLDER = re.compile(r"\{#(?:var|url)#\}")
SMS_URL = "{#url#}"
SMS_FACTS = ("pe_id", "header", "dlt_template_id", "category")
SMS_HEADER = re.compile(r"[A-Za-z]{3,6}")

WHATSAPP_PLACEHOLDER = re.compile(r"\{\{\d+\}\}")
WHATSAPP_VALUE = re.compile(r"(?:(?![\r\n\t]| {5}).)+")  # one line, no five spaces in a row
WHATSAPP_NAME = re.compile(r"[a-z0-9_]{1,512}")
WHATSAPP_CATEGORIES = frozenset({"MARKETING", "UTILITY", "AUTHENTICATION"})
WHATSAPP_LIMIT = 1024  # characters of a body


def check_sms(message: Outgoing) -> None:
    """Raise RefusedMessageError unless the text is its registered template, filled in."""
    registration = message.registration
    missing = [fact for fact in SMS_FACTS if not registration.get(fact)]
    if missing:
        raise RefusedMessageError(f"The template's registration lacks {', '.join(missing)}.")
    if not SMS_HEADER.fullmatch(str(registration["header"])):
        raise RefusedMessageError("The header (sender id) must have 3 to 6 letters.")
    values = list(_in_order(message, SMS_PLACEHOLDER))
    for placeholder, value in values:
        is_address = SMS_ADDRESS.fullmatch(value) is not None
        if not (is_address or (placeholder != SMS_URL and SMS_VALUE.fullmatch(value))):
            raise RefusedMessageError(f"A value does not fit its place {placeholder}.")
    _check_words(message, SMS_PLACEHOLDER, [value for _, value in values])


def check_whatsapp(message: Outgoing) -> None:
    """As `check_sms`, for a WhatsApp template."""
    registration = message.registration
    if not WHATSAPP_NAME.fullmatch(str(registration.get("template", ""))):
        raise RefusedMessageError("The template's name must be of a to z, 0 to 9 and _.")
    if registration.get("category") not in WHATSAPP_CATEGORIES:
        raise RefusedMessageError("The template's category is not one of WhatsApp's.")
    if not registration.get("language"):
        raise RefusedMessageError("The template's registration lacks its language.")
    if len(message.body) > WHATSAPP_LIMIT:
        raise RefusedMessageError(f"The text is longer than {WHATSAPP_LIMIT} characters.")
    values = list(_in_order(message, WHATSAPP_PLACEHOLDER))
    if not all(WHATSAPP_VALUE.fullmatch(value) for _, value in values):
        raise RefusedMessageError("A value is empty or has line ends, tabs or many spaces.")
    _check_words(message, WHATSAPP_PLACEHOLDER, [value for _, value in values])


def _in_order(message: Outgoing, placeholder: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Each placeholder of the registered text with the value it was given."""
    given = message.registration.get("variables", [])
    values = [str(value) for value in given] if isinstance(given, list) else []
    for place, found in enumerate(placeholder.findall(_template(message))):
        index = int(found[2:-2]) - 1 if found.startswith("{{") else place
        if not 0 <= index < len(values):
            raise RefusedMessageError(f"There is no value for {found}.")
        yield found, values[index]


def _check_words(message: Outgoing, placeholder: re.Pattern[str], values: list[str]) -> None:
    words = placeholder.split(_template(message))
    filled = "".join(word + value for word, value in zip(words, [*values, ""], strict=True))
    if filled != message.body:
        raise RefusedMessageError("The text differs from its registered template.")


def _template(message: Outgoing) -> str:
    return str(message.registration.get("body", ""))
