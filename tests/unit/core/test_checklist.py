"""The checklist: what is required, what is either-or."""

import pytest

from engine.cases import documents
from engine.definitions.request_types import ChecklistItem
from engine.lifecycle import DocumentState
from engine.store import Document

CHECKLIST = (
    ChecklistItem("address"),
    ChecklistItem("passport", any_of="identity"),
    ChecklistItem("licence", any_of="identity"),
    ChecklistItem("photo", required=False),
)


@pytest.mark.parametrize(
    ("accepted", "missing"),
    [
        ([], ["address", "passport", "licence"]),
        (["address"], ["passport", "licence"]),
        (["address", "licence"], []),
        (["passport", "licence"], ["address"]),
    ],
)
def test_an_item_is_missing_until_it_or_its_alternative_is_accepted(accepted, missing):
    held = [Document(item=item, state=DocumentState.ACCEPTED) for item in accepted]
    held += [Document(item="address", state=DocumentState.REJECTED)]
    assert documents.missing(held, CHECKLIST) == missing
