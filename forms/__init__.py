"""Forms: form-js schemas parsed, checked, shown and validated by the server.

Pure: what is posted goes in, values come out. Expressions are FEEL; the caller gives the
evaluator, `evaluate(text, context)`. A form that was parsed is safe: nothing posted to it raises.

A page: `view(form, known, {}, evaluate)` and the macros of `templates/forms/form.html`. Its post:
first `apply_action` if `is_action` (then show `validate(...).entered` without errors), else
`validate`; without errors `data` is the answer, with errors show `entered` and `errors` again.
`context` is what the server knows; readonly and disabled fields trust it alone. Files are posted
as references: the caller stores uploads, puts their references under the field's name, and
checks that they are the customer's.

Texts of a form can be translated. The keys of `Form.translated` are
`<component id>.<name of text>`, and the names are:

    label, description, text, alt, source     as in the schema
    dateLabel, timeLabel                      of a datetime
    prefixAdorner, suffixAdorner              before and after a textfield or number
    patternErrorMessage                       said when the pattern is not found
    options.<value>                           the label of an answer listed in the form
    columns.<key>                             the heading of a table's column

A text that the schema does not have cannot be added by a translation; missing ones stay.
"""

from forms.actions import apply_action, is_action
from forms.answering import Answer, answers
from forms.checks import check
from forms.errors import FormDefinitionError
from forms.findings import Finding, Severity
from forms.json_schema import to_json_schema
from forms.messages import FormError
from forms.model import Component, Form, Kind
from forms.parsing import parse
from forms.scope import Evaluate, guarded
from forms.validation import Complaint, Submission, validate, validate_json
from forms.viewing import view
from forms.views import FieldView, FormView

__all__ = [
    "Answer",
    "Complaint",
    "Component",
    "Evaluate",
    "FieldView",
    "Finding",
    "Form",
    "FormDefinitionError",
    "FormError",
    "FormView",
    "Kind",
    "Severity",
    "Submission",
    "answers",
    "apply_action",
    "check",
    "guarded",
    "is_action",
    "parse",
    "to_json_schema",
    "validate",
    "validate_json",
    "view",
]
