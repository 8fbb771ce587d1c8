"""The steps of an application: which are done, and which may be opened.

A step can be opened when all before it are done, so nobody signs what is not complete.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import redirect, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from engine.cases import drafts
from engine.store import Draft
from web import sessions
from web.portal import current, questions, wording


@dataclass(frozen=True, slots=True)
class Step:
    """One page of an application."""

    key: str
    name: LazyString
    is_done: Callable[[Draft], bool]

    @property
    def address(self) -> str:
        """Where the step is."""
        return url_for(f"portal.{self.key}")


def _form_done(draft: Draft) -> bool:
    return questions.are_answered(current.request_type(draft), draft)


def _documents_done(draft: Draft) -> bool:
    checklist = current.request_type(draft).checklist
    return not drafts.missing(checklist, drafts.of(sessions.reading(), draft))


def _consent_done(draft: Draft) -> bool:
    request_type = current.request_type(draft)
    return wording.is_agreed(request_type, draft)


def _contact_done(draft: Draft) -> bool:
    return bool(drafts.confirmed(draft))


STEPS = (
    Step("form", _l("Your details"), _form_done),
    Step("documents", _l("Documents"), _documents_done),
    Step("check", _l("Check"), lambda _draft: True),
    Step("consent", _l("Consent"), _consent_done),
    Step("identity", _l("Identity"), _contact_done),
    Step("sign", _l("Sign"), lambda _draft: False),
)


def of(draft: Draft) -> tuple[Step, ...]:
    """The steps of this application: without documents where none are asked for."""
    if current.request_type(draft).checklist:
        return STEPS
    return tuple(step for step in STEPS if step.key != "documents")


def detour(draft: Draft, key: str) -> Response | None:
    """To the first step that has to be done before this one; None if this one may be opened."""
    for step in of(draft):
        if step.key == key:
            return None
        if not step.is_done(draft):
            return redirect(step.address, 303)
    return redirect(STEPS[0].address, 303)


def after(draft: Draft, key: str) -> Response:
    """To the step after this one."""
    keys = [step.key for step in of(draft)]
    return redirect(of(draft)[keys.index(key) + 1].address, 303)


def resume(draft: Draft) -> Response:
    """To the first step that is not done."""
    return redirect(next(step for step in of(draft) if not step.is_done(draft)).address, 303)


def shown(draft: Draft, key: str) -> dict[str, object]:
    """What the list of steps on a page needs."""
    known = of(draft)
    keys = [step.key for step in known]
    return {"steps": known, "step_number": keys.index(key) + 1, "step": known[keys.index(key)]}
