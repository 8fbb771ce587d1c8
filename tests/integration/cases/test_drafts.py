from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import clock
from engine.cases import documents, drafts, links, numbers
from engine.cases.links import Purpose
from engine.errors import InvalidError, NotFoundError
from engine.lifecycle import DraftState
from engine.store import Blob, move
from tests.integration.cases import builders

ANSWERS = {"full_name": "Sample Customer", "email": "Sample@example.org", "phone": "+919840012345"}


@dataclass(frozen=True)
class File:
    data: bytes = b"%PDF-1.7"
    media_type: str = "application/pdf"
    name: str = "bill.pdf"


@pytest.fixture
def request_type(session):
    return builders.request_type(session)


@pytest.fixture
def draft(session, request_type):
    draft, _ = drafts.begin(session, request_type, "en")
    drafts.save(session, draft, dict(ANSWERS))
    return draft


def test_a_draft_holds_the_number_it_will_carry(session, draft):
    assert numbers.normalise(draft.number) == draft.number


def test_the_token_opens_its_draft_alone(session, request_type):
    mine, token = drafts.begin(session, request_type, "en")
    other, _ = drafts.begin(session, request_type, "en")
    assert drafts.by_token(session, token).id == mine.id != other.id
    assert drafts.by_token(session, "A" * links.TOKEN_LENGTH) is None


def test_saving_keeps_the_answers_and_lengthens_its_time(session, draft, noon):
    with clock.frozen_at(noon + timedelta(days=2)):
        drafts.save(session, draft, {"full_name": "A. Customer"})
    assert draft.answers == {"full_name": "A. Customer"}
    assert draft.expires_at == noon + timedelta(days=32)


def test_a_draft_that_was_sent_is_not_changed_any_more(session, draft):
    move(draft, DraftState.SUBMITTED)
    session.flush()
    with pytest.raises(drafts.DraftClosedError):
        drafts.save(session, draft, {})


def test_a_draft_is_out_of_reach_after_its_time(session, request_type, noon):
    draft, token = drafts.begin(session, request_type, "en")
    with clock.frozen_at(noon + drafts.LIFETIME):
        assert drafts.by_token(session, token) is None
        assert drafts.resumable(session, draft.id) is None


def test_contacts_are_those_stated_phone_first(session, draft):
    assert drafts.contacts(session, draft) == [
        ("phone", "+919840012345"),
        ("email", "sample@example.org"),
    ]


def test_a_stated_contact_can_be_confirmed(session, draft, noon):
    drafts.confirm_contact(session, draft, "email", "sample@example.org")
    assert (draft.contact_kind, draft.contact_value) == ("email", "sample@example.org")
    assert draft.contact_verified_at == noon


def test_a_contact_that_is_not_stated_cannot_be_confirmed(session, draft):
    with pytest.raises(InvalidError):
        drafts.confirm_contact(session, draft, "email", "mallory@example.org")


def test_changing_a_confirmed_contact_asks_for_a_new_code(session, draft):
    drafts.confirm_contact(session, draft, "phone", "+919840012345")
    drafts.save(session, draft, {**ANSWERS, "phone": "+919840099999"})
    assert draft.contact_verified_at is None


def test_when_the_first_contact_is_changed_the_other_one_stays_confirmed(session, draft, noon):
    drafts.confirm_contact(session, draft, "phone", "+919840012345")
    drafts.confirm_contact(session, draft, "email", "sample@example.org")
    drafts.save(session, draft, {**ANSWERS, "phone": "+919840099999"})
    assert drafts.confirmed(draft) == [drafts.Confirmed("email", "sample@example.org", noon)]


def test_changing_something_else_keeps_the_confirmed_contact(session, draft, noon):
    drafts.confirm_contact(session, draft, "phone", "+919840012345")
    drafts.save(session, draft, {**ANSWERS, "full_name": "Sample R. Customer"})
    assert draft.contact_verified_at == noon


def test_consent_names_notice_version_language_and_moment(session, draft, noon):
    drafts.consent(session, draft, notice="privacy", version="2026-11", locale="en")
    assert draft.consent == {
        "notice": "privacy",
        "version": "2026-11",
        "language": "en",
        "given_at": noon.isoformat(),
        "channel": "portal",
    }


def test_uploads_lie_under_their_item(session, draft, request_type):
    kept = drafts.attach(session, draft, request_type.checklist[0], File(), {})
    assert (kept.item, kept.draft_id) == ("address_proof", draft.id)
    assert documents.content(session, kept) == b"%PDF-1.7"


def test_an_item_takes_no_more_files_than_it_says(session, draft, request_type):
    item = request_type.checklist[0]
    for number in range(2):
        drafts.attach(session, draft, item, File(data=b"%d" % number), {})
    with pytest.raises(drafts.TooManyFilesError):
        drafts.attach(session, draft, item, File(data=b"3"), {})


def test_a_draft_takes_no_more_files_than_the_installation_allows(session, draft, request_type):
    address, passport, voter, letter = request_type.checklist
    for item in (address, address, passport, voter):
        drafts.attach(session, draft, item, File(), {})
    with pytest.raises(drafts.TooManyFilesError):
        drafts.attach(session, draft, letter, File(), {})


def test_a_removed_upload_is_gone_with_its_bytes(session, draft, request_type):
    kept = drafts.attach(session, draft, request_type.checklist[0], File(), {})
    drafts.detach(session, draft, kept.id)
    assert drafts.of(session, draft) == []
    assert session.scalar(select(Blob.digest)) is None


def test_another_drafts_upload_cannot_be_removed(session, draft, request_type):
    other, _ = drafts.begin(session, request_type, "en")
    theirs = drafts.attach(session, other, request_type.checklist[0], File(), {})
    with pytest.raises(NotFoundError):
        drafts.detach(session, draft, theirs.id)


def test_missing_are_required_items_and_whole_either_or_groups(session, draft, request_type):
    names = [item.item for item in drafts.missing(request_type.checklist, [])]
    assert names == ["address_proof", "passport", "voter_card"]


def test_one_item_serves_its_either_or_group(session, draft, request_type):
    drafts.attach(session, draft, request_type.checklist[2], File(), {})
    missing = drafts.missing(request_type.checklist, drafts.of(session, draft))
    assert [item.item for item in missing] == ["address_proof"]


def test_old_drafts_are_discarded_with_answers_uploads_and_links(session, request_type, noon):
    draft, token = drafts.begin(session, request_type, "en")
    drafts.save(session, draft, dict(ANSWERS))
    drafts.attach(session, draft, request_type.checklist[0], File(), {})
    links.issue(session, Purpose.RESUME, draft.id, timedelta(days=90))
    with clock.frozen_at(noon + drafts.LIFETIME):
        assert drafts.expire_old(session) == 1
    assert (draft.state, draft.answers) == (DraftState.DISCARDED, {})
    assert drafts.of(session, draft) == []
    assert drafts.by_token(session, token) is None


def test_drafts_that_have_time_are_left_alone(session, draft):
    assert drafts.expire_old(session) == 0
    assert draft.state is DraftState.OPEN


def test_what_was_signed_and_never_sent_goes_with_its_draft(session, draft, noon):
    signed = documents.store(
        session,
        b"%PDF signed",
        kind=documents.Kind.APPLICATION,
        name="application.pdf",
        media_type="application/pdf",
        draft_id=draft.id,
    )
    with clock.frozen_at(noon + drafts.LIFETIME):
        drafts.expire_old(session)
    session.flush()
    assert documents.of_draft(session, draft.id) == []
    assert session.get(Blob, signed.digest) is None
