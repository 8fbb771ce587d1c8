"""Rows to begin with; every fact that matters to a test can be given."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from engine import clock
from engine.cases import customers, numbers
from engine.definitions import request_types
from engine.definitions.request_types import RequestType
from engine.store import BundleFile, RequestTypeVersion, ServiceRequest

SETTINGS = """
key = "{key}"
process = "move"
form = "application"
locales = ["en"]
[applicant]
name = "full_name"
email = "email"
phone = "phone"
[[documents]]
item = "address_proof"
max_files = 2
[[documents]]
item = "passport"
any_of = "identity"
[[documents]]
item = "voter_card"
any_of = "identity"
[[documents]]
item = "letter"
required = false
[sla]
promise = "P5D"
"""


def request_type(session: Session, key: str = "move") -> RequestType:
    version = RequestTypeVersion(
        key=key,
        version=1,
        digest=uuid4().hex,
        settings={},
        published_at=clock.now(),
        published_by="test",
    )
    session.add(version)
    session.flush()
    texts = {"request_type.toml": SETTINGS.format(key=key), "texts/en.toml": 'name = "Move"'}
    session.add_all(
        BundleFile(request_type_version_id=version.id, path=path, content=text.encode())
        for path, text in texts.items()
    )
    session.flush()
    return request_types.get(session, version.id)


def service_request(session: Session, version_id: UUID | None = None) -> ServiceRequest:
    customer = customers.verified(
        session, kind="email", value="sample@example.org", name="Sample Customer", locale="en"
    )
    now = clock.now()
    request = ServiceRequest(
        number=numbers.request_number(),
        request_type_version_id=version_id or request_type(session).id,
        customer_id=customer.id,
        answers={},
        locale="en",
        submitted_at=now,
        due_at=now,
        promised_at=now,
        promise={},
    )
    session.add(request)
    session.flush()
    return request
