"""Files that customers send: through the intake, or refused with words that help."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from engine.definitions.request_types import ChecklistItem
from engine.store import Json
from tasks.documents import intake
from tasks.documents.errors import RejectedUploadError
from tasks.documents.policy import Kind, Policy
from web import installation
from web.portal.blueprint import blueprint

PREFIX = "file."


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was accepted, and the facts of its receipt."""

    rule: ChecklistItem
    accepted: intake.Accepted
    facts: Json


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not, and why."""

    item: str
    text: str


def field(item: str) -> str:
    """The name of the file field of an item."""
    return PREFIX + item


def received(
    rules: list[ChecklistItem], named: Callable[[str], str] = field
) -> tuple[list[Received], list[Refused]]:
    """The files of this post that passed the intake, and those that did not.

    `named` gives the name of the file field of an item. No more files are looked into than may
    be kept: a look at one made to be slow takes seconds.
    """
    taken: list[Received] = []
    refused: list[Refused] = []
    for rule in rules:
        sent = [file for file in request.files.getlist(named(rule.item)) if file.filename]
        for file in sent[: rule.max_files]:
            _take(rule, file, taken, refused)
        refused += [too_many(rule, str(file.filename)) for file in sent[rule.max_files :]]
    return taken, refused


def too_many(rule: ChecklistItem, name: str, limit: object = None) -> Refused:
    """Refuse a file where there are as many as may be."""
    text = _(
        "%(name)s: no more than %(limit)s files fit here. Remove one first.",
        name=name[:100],
        limit=rule.max_files if limit is None else limit,
    )
    return Refused(rule.item, str(text))


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Back to the page, which says what to do."""
    flash(_("Together these files are too large. Send them one after the other."), "danger")
    return redirect(request.path, 303)


def _take(
    rule: ChecklistItem, file: FileStorage, taken: list[Received], refused: list[Refused]
) -> None:
    content = file.read()
    name = str(file.filename)
    try:
        accepted = intake.accept(name, content, _policy(rule))
    except RejectedUploadError as error:
        refused.append(Refused(rule.item, f"{name[:100]}: {_(str(error))}"))
        return
    facts: Json = {
        "received_sha256": hashlib.sha256(content).hexdigest(),
        "received_bytes": len(content),
        "signed": accepted.signed,
        "changes": list(accepted.changes),
    }
    taken.append(Received(rule, accepted, facts))


def _policy(rule: ChecklistItem) -> Policy:
    known = frozenset(Kind)
    largest = min(rule.max_bytes, installation.current().settings.upload_max_bytes)
    kinds = frozenset(Kind(kind) for kind in rule.media_types if kind in known)
    return Policy(kinds=kinds, max_bytes=largest)
