"""Whether an answer is acceptable: the rules of each kind of question, first failure first."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from forms import moments, patterns
from forms.limits import TEXTAREA_LENGTH, TEXTFIELD_LENGTH
from forms.messages import FormError, error
from forms.model import CHOICES, Component, Kind
from forms.moments import Today
from forms.options import options
from forms.scope import Scope
from forms.tokens import plain, token

_Rule = Callable[[Component, object, Scope], FormError | None]


def verdict(component: Component, value: object, scope: Scope, today: Today) -> FormError | None:
    """What is wrong with a value that could be read, None if nothing."""
    if is_empty(value):
        required = scope.value(component.limits.get("required")) is True
        return error(_REQUIRED.get(component.kind, "required")) if required else None
    if component.kind is Kind.DATETIME:
        return _moment(component, value, today)
    rule = _RULES.get(component.kind)
    return rule(component, value, scope) if rule else None


def is_empty(value: object) -> bool:
    """Whether nothing was answered."""
    return value is None or value is False or value in ("", [])


def bound(component: Component, name: str, scope: Scope) -> Decimal | None:
    """The limit of this name as a number, None if there is none."""
    value = scope.value(component.limits.get(name))
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def longest(component: Component, scope: Scope) -> int:
    """The greatest number of characters this question takes."""
    cap = TEXTAREA_LENGTH if component.kind is Kind.TEXTAREA else TEXTFIELD_LENGTH
    limit = bound(component, "maxLength", scope)
    return cap if limit is None else min(cap, int(limit))


def phone_number(text: str, region: str | None) -> str | None:
    """The number as E.164, None if it is none; `region` is meant where no country code is."""
    international = "+" + text[2:] if text.startswith("00") else text
    try:
        number = phonenumbers.parse(international, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_address(text: str) -> str | None:
    """The address in its normal form, None if it is none. Nothing is looked up."""
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def _text(component: Component, value: object, scope: Scope) -> FormError | None:
    text = str(value)
    smallest, greatest = bound(component, "minLength", scope), longest(component, scope)
    if smallest is not None and len(text) < smallest:
        return error("text_min", limit=plain(smallest))
    if len(text) > greatest:
        return error("text_max", limit=greatest)
    return None


def _textfield(component: Component, value: object, scope: Scope) -> FormError | None:
    text = str(value)
    kind = component.limits.get("validationType")
    if kind == "email":
        wrong = email_address(text) is None
    else:
        wrong = kind == "phone" and phone_number(text, component.properties.get("region")) is None
    if wrong:
        return error(str(kind))
    return _text(component, value, scope) or _pattern(component, text, scope)


def _pattern(component: Component, text: str, scope: Scope) -> FormError | None:
    pattern = component.limits.get("pattern")
    if not isinstance(pattern, str) or not pattern:
        return None
    try:
        if patterns.found(pattern, text):
            return None
    except patterns.PatternTimeoutError:
        return error("pattern_timeout")
    message = scope.text(component.texts.get("patternErrorMessage", ""))
    return error("pattern_message", message=message) if message else error("pattern")


def _number(component: Component, value: object, scope: Scope) -> FormError | None:
    number = Decimal(str(value))
    digits = component.settings.get("decimalDigits")
    step = component.settings.get("increment")
    smallest, greatest = bound(component, "min", scope), bound(component, "max", scope)
    if isinstance(digits, int) and number != round(number, digits):
        return error("number_decimals", digits=digits) if digits else error("number_whole")
    if step not in (None, "") and number % Decimal(str(step)):
        return error("number_step", step=plain(Decimal(str(step))))
    if smallest is not None and number < smallest:
        return error("number_min", limit=plain(smallest))
    if greatest is not None and number > greatest:
        return error("number_max", limit=plain(greatest))
    return None


def _choice(component: Component, value: object, scope: Scope) -> FormError | None:
    offered = {option.token for option in options(component, scope)}
    chosen = value if isinstance(value, list) else [value]
    return None if {token(one) for one in chosen} <= offered else error("option")


def _files(component: Component, value: object, scope: Scope) -> FormError | None:
    many = scope.value(component.settings.get("multiple")) is True
    return error("files") if isinstance(value, list) and len(value) > 1 and not many else None


def _moment(component: Component, value: object, today: Today) -> FormError | None:
    forbidden = component.settings.get("disallowPassedDates") is True
    passed = forbidden and moments.has_passed(component, str(value), today)
    return error("date_passed") if passed else None


_RULES: Mapping[Kind, _Rule] = MappingProxyType(
    {
        Kind.TEXTFIELD: _textfield,
        Kind.TEXTAREA: _text,
        Kind.NUMBER: _number,
        Kind.FILEPICKER: _files,
        **dict.fromkeys(CHOICES, _choice),
    }
)
_REQUIRED: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.CHECKBOX: "required_checkbox",
        Kind.FILEPICKER: "required_file",
        **dict.fromkeys(CHOICES, "required_choice"),
    }
)
