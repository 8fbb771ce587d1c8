"""Files asked for inside the form: kept like other uploads, answered by their names.

A new choice replaces what was sent for the same question, as it does in the browser.
"""

import forms
from engine.cases import drafts
from engine.definitions.request_types import DEFAULT_MEDIA_TYPES, ChecklistItem
from engine.store import Draft
from forms import FormError
from web import sessions
from web.portal import current, files, questions

PREFIX = "form."
MANY = 10  # files of one question

Raw = dict[str, list[str]]


def take(draft: Draft, form: forms.Form, raw: Raw) -> tuple[Raw, dict[str, FormError]]:
    """The post with the names of its files as answers, and what was refused by question."""
    names = _asked(draft, form, raw)
    if not names:
        return raw, {}
    rules = [_rule(name) for name in names]
    taken, refused = files.received(rules, lambda item: item.removeprefix(PREFIX))
    for rule in rules:
        _replace(rule, [one for one in taken if one.rule.item == rule.item])
    sessions.reading().expire_all()
    kept = drafts.of(sessions.reading(), draft)
    answered = {
        name: [upload.name for upload in kept if upload.item == PREFIX + name] for name in names
    }
    faults = {one.item.removeprefix(PREFIX): _error(one.text) for one in refused}
    return {**raw, **answered}, faults


def _asked(draft: Draft, form: forms.Form, raw: Raw) -> tuple[str, ...]:
    """The questions for files on the page that this post leads to."""
    entered = questions.validate(form, raw, draft.answers).entered
    return questions.view(form, entered, {}).file_names


def _replace(rule: ChecklistItem, fresh: list[files.Received]) -> None:
    if not fresh:
        return
    with current.editing() as (session, draft):
        for upload in drafts.of(session, draft):
            if upload.item == rule.item:
                drafts.detach(session, draft, upload.id)
        for one in fresh[: rule.max_files]:
            drafts.attach(session, draft, rule, one.accepted, one.facts)


def _rule(name: str) -> ChecklistItem:
    return ChecklistItem(PREFIX + name, media_types=DEFAULT_MEDIA_TYPES, max_files=MANY)


def _error(text: str) -> FormError:
    return FormError("pattern_message", {"message": text})
