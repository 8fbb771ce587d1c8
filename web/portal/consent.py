"""Consent to the notice, in the version and language that was shown."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.cases import drafts
from engine.store import Draft
from web import access
from web.portal import current, steps, wording
from web.portal.blueprint import blueprint


@blueprint.get("/draft/consent")
@access.customer
def consent() -> ResponseReturnValue:
    """The notice, and whether the customer agreed to it."""
    draft = current.draft()
    if elsewhere := steps.detour(draft, "consent"):
        return elsewhere
    return _page(draft)


@blueprint.post("/draft/consent")
@access.customer
def agree() -> ResponseReturnValue:
    """Record the consent; without the tick, or to an older version, ask again."""
    draft = current.draft()
    if elsewhere := steps.detour(draft, "consent"):
        return elsewhere
    notice = wording.notice(current.request_type(draft))
    agreed = request.form.get("agree") == "yes"
    if not agreed or request.form.get("version") != notice.version:
        return _page(draft, failed=not agreed, changed=agreed), 422
    with current.editing() as (session, kept):
        drafts.consent(
            session, kept, notice=notice.key, version=notice.version, locale=notice.locale
        )
    return steps.after(draft, "consent")


def _page(draft: Draft, *, failed: bool = False, changed: bool = False) -> str:
    request_type = current.request_type(draft)
    return render_template(
        "portal/consent.html",
        notice=wording.notice(request_type),
        agreed=wording.is_agreed(request_type, draft),
        failed=failed,
        changed=changed,
        **steps.shown(draft, "consent"),
    )
