"""The application form: what was posted goes to `forms`, what comes back is kept or shown."""

from collections.abc import Mapping
from itertools import groupby

from flask import request

import forms
from engine import feel
from engine.definitions.request_types import RequestType
from engine.store import Draft
from web import i18n, installation
from web.portal import current

evaluate = forms.guarded(feel.evaluate, feel.FeelError)


def form_of(request_type: RequestType) -> forms.Form:
    """The application form in the page's language."""
    texts = request_type.texts(current.locale(request_type))
    return request_type.application_form.translated(texts)


def posted() -> dict[str, list[str]]:
    """What was posted, without what belongs to the page."""
    return {name: request.form.getlist(name) for name in request.form if name != "csrf_token"}


def validate(
    form: forms.Form, raw: Mapping[str, list[str]], known: Mapping[str, object]
) -> forms.Submission:
    """Judge a post; what was answered before counts where the page did not ask."""
    zone = installation.current().settings.provider_timezone
    return forms.validate(form, raw, evaluate, known, zone)


def view(
    form: forms.Form, answers: Mapping[str, object], errors: Mapping[str, forms.FormError]
) -> forms.FormView:
    """The form as the page shows it."""
    zone = installation.current().settings.provider_timezone
    return forms.view(form, answers, errors, evaluate, zone=zone)


def are_answered(request_type: RequestType, draft: Draft) -> bool:
    """Whether the answers kept would be accepted as they are."""
    zone = installation.current().settings.provider_timezone
    form = request_type.application_form
    kept = forms.validate_json(form, draft.answers, evaluate, draft.answers, zone)
    return bool(draft.answers) and not kept.errors


def sections(request_type: RequestType, draft: Draft) -> list[tuple[str, list[forms.Answer]]]:
    """The answers as people read them back, by section."""
    answers = forms.answers(form_of(request_type), draft.answers, evaluate, i18n.answer)
    return [(section, list(lines)) for section, lines in groupby(answers, lambda one: one.section)]
