"""The way to every page of the product, by name."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from playwright.sync_api import Page
from sqlalchemy import select

from engine.cases import documents, links, service_requests
from engine.cases.links import Purpose
from engine.execution import incidents
from engine.store import Document, ProcessInstance, transaction
from tests.acceptance.customer import Customer
from tests.acceptance.mailbox import link_in
from tests.acceptance.world import World, drafted

GUESSED = "/supply/" + "x" * 43


def _at(who: str, path: str) -> Callable[[World], Page]:
    """The way to a page by its address."""

    def open_page(world: World) -> Page:
        actor = getattr(world, who)
        page = actor if isinstance(actor, Page) else actor.page
        page.goto(path.format(held=world.held.replace("-", "")))
        return page

    return open_page


def _unanswered(world: World) -> Page:
    customer = Customer(world.stranger.context.new_page(), world.product)
    customer.begin()
    customer.go_on()
    return customer.page


def _without_documents(world: World) -> Page:
    page = _unanswered(world)
    customer = Customer(page, world.product)
    customer.fill_in()
    customer.go_on()
    customer.go_on()
    return page


def _without_consent(world: World) -> Page:
    page = _at("drafting", "/draft/consent")(world)
    page.get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Continue").click()
    return page


def _code_sent(world: World) -> Page:
    customer = drafted(Customer(world.stranger.context.new_page(), world.product))
    customer.ask_for_code()
    return customer.page


def _wrong_number(world: World) -> Page:
    Customer(world.stranger, world.product).ask_to_track("7KQ4-M2ZX-Q")
    return world.stranger


def _tracking_code(world: World) -> Page:
    Customer(world.stranger, world.product).ask_to_track(world.held)
    return world.stranger


def _wrong_code(world: World) -> Page:
    page = _tracking_code(world)
    page.get_by_label("Your code").fill("000000")
    page.get_by_role("button", name="Show my request").click()
    return page


def _status(who: str) -> Callable[[World], Page]:
    def open_page(world: World) -> Page:
        number = getattr(world, who).number.replace("-", "")
        return _at(who, f"/track/{number}")(world)

    return open_page


def _link(purpose: Purpose, who: str, *buttons: str) -> Callable[[World], Page]:
    """The page of a fresh link, and what its buttons lead to."""

    def open_page(world: World) -> Page:
        customer = getattr(world, who)
        with transaction(world.product.sessions) as session:
            found = service_requests.by_number(session, customer.number)
            token = links.issue(session, purpose, found.id, timedelta(days=1))
        customer.page.goto(links.path(purpose, token))
        for button in buttons:
            customer.page.get_by_role("button", name=button).click()
        return customer.page

    return open_page


def _task(who: str) -> Callable[[World], Page]:
    """The page of the task that the executive holds, for whoever looks at it."""

    def open_page(world: World) -> Page:
        page = _at(who, f"/inbox/requests/{world.held.replace('-', '')}")(world)
        page.get_by_role("link", name="Verify the documents").click()
        return page

    return open_page


def _wrong_password(world: World) -> Page:
    page = _at("stranger", "/account/sign-in")(world)
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Password").fill("nothing")
    page.get_by_role("button", name="Sign in").click()
    return page


def _cookies_gone(world: World) -> Page:
    page = _at("stranger", "/track")(world)
    page.context.clear_cookies()
    page.get_by_label("Request number").fill(world.held)
    page.get_by_role("button", name="Send me a code").click()
    return page


def _message(world: World) -> Page:
    page = _at("operator", "/operations/outbox")(world)
    page.get_by_role("link", name="Done: your address is changed").click()
    return page


def _too_often(world: World) -> Page:
    for _ in range(30):
        world.stranger.request.get(GUESSED)
    return _at("stranger", GUESSED)(world)


def _conflict(world: World) -> Page:
    """The team leader claims what the executive has taken meanwhile."""
    page = _task("leader")(world)
    claim = page.url + "/claim"
    page.locator(".account-menu form").last.evaluate(
        "(form, action) => { form.action = action; form.submit(); }", claim
    )
    page.get_by_role("heading", name="Somebody was faster").wait_for()
    return page


def _resumed(world: World) -> Page:
    """The page of the link that was mailed to somebody who puts the application aside."""
    customer = world.signing
    customer.page.goto("/draft/later")
    customer.page.get_by_label("E-mail address").fill(customer.email)
    customer.page.get_by_role("button", name="Mail me the link").click()
    mail = world.product.mailbox.take("Go on with your application", customer.email)
    page = customer.page.context.new_page()
    page.goto(link_in(mail, "/resume/"))
    return page


def _later_sent(world: World) -> Page:
    page = _at("drafting", "/draft/later")(world)
    page.get_by_label("E-mail address").fill(world.drafting.email)
    page.get_by_role("button", name="Mail me the link").click()
    return page


def _newcomer(path: str) -> Callable[[World], Page]:
    """A page as somebody sees it whose browser holds nothing of ours."""

    def open_page(world: World) -> Page:
        world.stranger.context.clear_cookies()
        return _at("stranger", path)(world)

    return open_page


def _proof(world: World) -> tuple[str, Document]:
    """The code on the proof of the finished request, and the proof."""
    with transaction(world.product.sessions) as session:
        found = service_requests.by_number(session, world.served.number)
        kept = documents.of_request(session, found.id)
        (plain,) = (each for each in kept if each.kind == documents.Kind.STATEMENT)
        return str(plain.idempotency_key), next(
            each for each in kept if each.kind == documents.Kind.PROOF
        )


def _checked(world: World) -> Page:
    """What is said of a proof that its customer drops on the page."""
    code, proof = _proof(world)
    with transaction(world.product.sessions) as session:
        content = documents.content(session, proof)
    page = _newcomer(f"/verify/{code}")(world)
    page.get_by_label("PDF to check").set_input_files(
        {"name": "proof.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    page.get_by_role("button", name="Check it").click()
    page.get_by_role("heading", name="Genuine").wait_for()
    return page


def _followed(world: World) -> Page:
    """What the code on the proof leads to."""
    code, _ = _proof(world)
    return _newcomer(f"/verify/{code}")(world)


def _running_case(world: World) -> Page:
    """The operations page of the request that the executive works on."""
    page = _at("operator", "/operations/cases?number={held}")(world)
    page.get_by_role("link", name=world.held).click()
    return page


def _incident(world: World) -> Page:
    """An incident that an operator reads; it is resolved again for the other pages."""
    with transaction(world.product.sessions) as session:
        found = service_requests.by_number(session, world.held)
        owned = select(ProcessInstance).where(ProcessInstance.service_request_id == found.id)
        stop = incidents.open_incident(
            session,
            session.scalars(owned).one(),
            kind="element_error",
            message="A gateway has no way out.",
            advice="Ask the analyst.",
            element_id="Decision",
        )
        session.flush()
        incidents.resolve(session, stop.id, by="operator", note="Looked at")
        address = f"/operations/incidents/{stop.id}"
    return _at("operator", address)(world)


PAGES: Mapping[str, Callable[[World], Page]] = {
    "home": _newcomer("/"),
    "home-with-draft": _at("drafting", "/"),
    "service": _newcomer("/apply/address_change"),
    "form": _at("drafting", "/draft/form"),
    "form-errors": _unanswered,
    "documents": _at("drafting", "/draft/documents"),
    "documents-errors": _without_documents,
    "check": _at("drafting", "/draft/check"),
    "consent": _at("drafting", "/draft/consent"),
    "consent-error": _without_consent,
    "identity": _at("drafting", "/draft/identity"),
    "identity-code": _code_sent,
    "identity-done": _at("signing", "/draft/identity"),
    "sign": _at("signing", "/draft/sign"),
    "later": _at("drafting", "/draft/later"),
    "later-sent": _later_sent,
    "resume": _resumed,
    "receipt": _at("waiting", "/draft/receipt"),
    "track": _newcomer("/track"),
    "track-error": _wrong_number,
    "track-code": _tracking_code,
    "track-code-error": _wrong_code,
    "status-waiting": _status("waiting"),
    "status-done": _status("served"),
    "supply-link": _link(Purpose.SUPPLY, "waiting"),
    "supply": _link(Purpose.SUPPLY, "waiting", "Continue"),
    "supply-error": _link(Purpose.SUPPLY, "waiting", "Continue", "Send"),
    "supply-not-needed": _link(Purpose.SUPPLY, "served", "Continue"),
    "supply-thanks": _at("waiting", "/supply/thanks"),
    "proof": _link(Purpose.PROOF, "served"),
    "confirm-over": _link(Purpose.CONFIRM, "served"),
    "complaint": _newcomer("/apply/complaint"),
    "verify": _newcomer("/verify"),
    "verify-genuine": _checked,
    "verify-code": _followed,
    "verify-unknown-code": _newcomer(f"/verify/{UUID(int=7)}"),
    "feedback": _link(Purpose.FEEDBACK, "served"),
    "feedback-error": _link(Purpose.FEEDBACK, "served", "Send feedback"),
    "feedback-thanks": _at("served", "/feedback/thanks"),
    "link-expired": _newcomer(GUESSED),
    "no-draft": _newcomer("/draft/form"),
    "error-400": _cookies_gone,
    "error-403": _at("executive", "/operations/outbox"),
    "error-404": _newcomer("/no/such/page"),
    "error-405": _newcomer("/draft/identity/code"),
    "error-409": _conflict,
    "error-429": _too_often,
    "sign-in": _newcomer("/account/sign-in"),
    "sign-in-error": _wrong_password,
    "account-without-pages": _at("analyst", "/account"),
    "inbox": _at("executive", "/inbox"),
    "inbox-empty": _at("idle", "/inbox"),
    "queue": _at("leader", "/inbox/queues/executives"),
    "queue-empty": _at("idle", "/inbox/queues/department_heads"),
    "search-none": _at("executive", "/inbox/search?number=7KQ4-M2ZX-P"),
    "task-held": _task("executive"),
    "task-of-another": _task("leader"),
    "case": _at("executive", "/inbox/requests/{held}"),
    "security": _at("executive", "/account/security"),
    "operations-sign-ins": _at("operator", "/operations/sign-ins"),
    "operations": _at("operator", "/operations"),
    "operations-incidents": _at("operator", "/operations/incidents?state=resolved"),
    "operations-incident": _incident,
    "operations-cases": _at("operator", "/operations/cases"),
    "operations-case": _running_case,
    "operations-jobs": _at("operator", "/operations/jobs?state=completed"),
    "operations-timers": _at("operator", "/operations/timers"),
    "outbox": _at("operator", "/operations/outbox"),
    "outbox-empty": _at("operator", "/operations/outbox?state=failed"),
    "message": _message,
}
