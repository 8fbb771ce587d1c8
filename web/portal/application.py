"""The form of an application: kept at every post, judged when the customer goes on."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

import forms
from engine.cases import drafts
from engine.store import Draft
from web import access
from web.portal import current, form_files, questions, steps, wording
from web.portal.blueprint import blueprint
from web.security import limiter


@blueprint.get("/draft/form")
@access.customer
def form() -> ResponseReturnValue:
    """The form with what was answered so far."""
    draft = current.draft()
    asked = questions.form_of(current.request_type(draft))
    return _page(draft, questions.view(asked, draft.answers, {}))


@blueprint.post("/draft/form")
@access.customer
@limiter.limit("120/minute")
def answer() -> ResponseReturnValue:
    """Keep the answers; go on, or show the form again with what is wrong, or refreshed."""
    raw = questions.posted()
    looks_again = "refresh" in request.args or forms.is_action(raw)
    draft = current.draft()
    asked = questions.form_of(current.request_type(draft))
    if forms.is_action(raw):
        raw = forms.apply_action(asked, raw)
    raw, refused = form_files.take(draft, asked, raw)
    submission = questions.validate(asked, raw, draft.answers)
    errors = {**submission.errors, **refused}
    with current.editing() as (session, kept):
        drafts.save(session, kept, submission.data)
    if looks_again:
        return _page(draft, questions.view(asked, submission.entered, {}))
    if errors:
        view = questions.view(asked, submission.entered, errors)
        return _page(draft, view, failed=True), 422
    return steps.after(draft, "form")


def _page(draft: Draft, view: forms.FormView, *, failed: bool = False) -> str:
    """The whole page, or the form alone where a live page asks for it."""
    alone = "refresh" in request.args and request.headers.get("HX-Request")
    return render_template(
        "portal/_form.html" if alone else "portal/form.html",
        view=view,
        failed=failed,
        service=wording.service(current.request_type(draft)),
        **steps.shown(draft, "form"),
    )
