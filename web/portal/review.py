"""Check your answers: everything that will be signed, with a way to change each."""

from flask import render_template
from flask.typing import ResponseReturnValue

from engine.cases import drafts
from web import access, sessions
from web.portal import current, questions, steps, wording
from web.portal.blueprint import blueprint


@blueprint.get("/draft/check")
@access.customer
def check() -> ResponseReturnValue:
    """Answers and documents, to be read once more."""
    draft = current.draft()
    if elsewhere := steps.detour(draft, "check"):
        return elsewhere
    request_type = current.request_type(draft)
    uploads = drafts.of(sessions.reading(), draft)
    return render_template(
        "portal/check.html",
        sections=questions.sections(request_type, draft),
        items=[
            (item, [upload for upload in uploads if upload.item == item.key])
            for item in wording.items(request_type)
        ],
        following=steps.after(draft, "check").location,
        **steps.shown(draft, "check"),
    )
