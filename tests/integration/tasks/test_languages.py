"""The whole address change in each language it is written in: messages and sealed proof."""

import io

import pikepdf
import pytest
from sqlalchemy import select

from engine.cases import documents, numbers
from engine.store import Document
from tests import builders
from tests.integration.tasks import play
from tests.integration.tasks.test_address_change import decide, work_off

WORDS = {
    "hi": ("पते में बदलाव", "पूर्णता विवरण"),
    "ta": ("முகவரி மாற்றம்", "நிறைவு அறிக்கை"),
    "pl": ("Zmiana adresu", "Potwierdzenie załatwienia sprawy"),
}


@pytest.fixture(params=sorted(WORDS))
def locale(request):
    return request.param


@pytest.fixture
def case(sessions, locale):
    with sessions.begin() as session:
        draft = builders.ready_draft(session)
        draft.locale = locale
        return builders.submitted(session, draft)


def test_a_customer_is_written_to_in_the_language_of_the_application(sessions, case, locale):
    work_off(sessions, case)
    decide(sessions, case, decision="more", items=["address_proof"], note="?")
    work_off(sessions, case)
    with sessions() as session:
        english = builders.address_change(session).texts("en")
    said = [message.body for message in play.messages(sessions, case)]
    assert len(said) >= 4
    assert not [body for body in said if "request" in body.lower() and "http" not in body]
    assert not [body for body in said if english["document.address_proof.label"] in body]


def test_the_proof_is_written_in_that_language(sessions, case, locale):
    work_off(sessions, case)
    decide(sessions, case, decision="accept")
    work_off(sessions, case)
    with sessions() as session:
        proofs = select(Document).where(Document.kind == documents.Kind.PROOF)
        content = documents.content(session, session.scalars(proofs).one())
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.Lang == locale
        title = pdf.open_metadata()["dc:title"]
    assert title == f"{WORDS[locale][1]} {numbers.display(case.number)}"


def test_the_request_type_has_its_name_in_that_language(sessions, locale):
    with sessions.begin() as session:
        assert builders.address_change(session).name(locale) == WORDS[locale][0]
