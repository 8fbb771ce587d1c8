"""What is said about a wrong answer: codes with parameters, and their English texts.

The texts are gettext message ids: the web layer translates `message` and fills in `parameters`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


def N_(text: str) -> str:  # noqa: N802 -- the name by which babel finds texts to translate
    """Mark a text for translation."""
    return text


TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "required": N_("Fill in this field."),
        "required_choice": N_("Choose an answer."),
        "required_checkbox": N_("Tick this box to go on."),
        "required_file": N_("Add a file."),
        "number": N_("Enter a number."),
        "number_ambiguous": N_("Enter the number without thousands separators."),
        "number_digits": N_("Enter a number with fewer digits."),
        "number_whole": N_("Enter a whole number."),
        "number_decimals": N_("Enter a number with at most %(digits)s decimal places."),
        "number_step": N_("Enter a multiple of %(step)s."),
        "number_min": N_("Enter %(limit)s or more."),
        "number_max": N_("Enter %(limit)s or less."),
        "text_min": N_("Enter at least %(limit)s characters."),
        "text_max": N_("Enter at most %(limit)s characters."),
        "pattern": N_("Enter this in the expected format."),
        "pattern_message": N_("%(message)s"),
        "pattern_timeout": N_("This answer could not be checked. Enter it in a shorter form."),
        "email": N_("Enter an e-mail address like name@example.com."),
        "phone": N_("Enter a phone number with its country code, like +49 30 664040900."),
        "option": N_("Choose one of the answers offered."),
        "date": N_("Enter a date."),
        "time": N_("Enter a time."),
        "datetime": N_("Enter a date and a time."),
        "date_passed": N_("Enter a date that has not passed."),
        "files": N_("Add one file only."),
        "rows": N_("Enter at most %(limit)s rows."),
        "too_large": N_("This is more than the form can take. Send less at once."),
    }
)


@dataclass(frozen=True, slots=True)
class FormError:
    """Why an answer is not accepted."""

    code: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The English text with %(parameters)s not yet filled in: the id for gettext."""
        return TEXTS[self.code]

    @property
    def text(self) -> str:
        """The English text."""
        return self.message % self.parameters


def error(code: str, **parameters: object) -> FormError:
    """Make an error of the catalogue; parameters are written as text."""
    return FormError(code, {name: str(value) for name, value in parameters.items()})
