"""Texts that are registered with an operator, who drops what differs from the registration.

Better refused here, with a reason, than dropped there in silence: TRAI TCCCPR 2018 (DLT) for
SMS, the template rules of the WhatsApp Business Platform.
"""

import re
from collections.abc import Mapping

from tasks.channels.port import Outgoing, RefusedMessageError

SMS_ADDRESS = r"https?://[^\s]{1,256}"
SMS_VALUES = {"{#var#}": rf"(?:{SMS_ADDRESS}|[^\r\n]{{0,30}})", "{#url#}": SMS_ADDRESS}
SMS_PLACEHOLDER = re.compile(r"\{#(?:var|url)#\}")
SMS_FACTS = ("pe_id", "header", "dlt_template_id", "category")
SMS_HEADER = re.compile(r"[A-Za-z]{3,6}")

WHATSAPP_PLACEHOLDER = re.compile(r"\{\{\d+\}\}")
WHATSAPP_VALUE = r"(?:(?![\r\n\t]| {5}).)+"  # no line end, no tab, no five spaces in a row
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
    template = str(registration.get("body", ""))
    pattern = _pattern(template, SMS_PLACEHOLDER, SMS_VALUES)
    if not re.fullmatch(pattern, message.body):
        raise RefusedMessageError("The text differs from its registered template.")


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
    template = str(registration.get("body", ""))
    values = dict.fromkeys(WHATSAPP_PLACEHOLDER.findall(template), WHATSAPP_VALUE)
    if not re.fullmatch(_pattern(template, WHATSAPP_PLACEHOLDER, values), message.body):
        raise RefusedMessageError("The text differs from its registered template.")


def _pattern(template: str, placeholder: re.Pattern[str], values: Mapping[str, str]) -> str:
    """The registered words as they are, and what may stand in the place of each placeholder."""
    words = [re.escape(part) for part in placeholder.split(template)]
    wildcards = [values[found] for found in placeholder.findall(template)]
    return "".join(a + b for a, b in zip(words, [*wildcards, ""], strict=True))
