"""What the portal writes to customers: one-time codes and the link back to a draft.

A request type may bring its own words (`messages/one_time_code`, `messages/resume`). For SMS it
must: an operator drops texts that are not registered.
"""

from collections.abc import Callable

from flask_babel import gettext as _
from markupsafe import Markup, escape

from engine.cases import codes, customers, templates
from engine.definitions.request_types import RequestType
from engine.errors import NotFoundError
from web import installation
from web.portal import current

CODE = "one_time_code"
RESUME = "resume"
MAIL = "mail"
SMS = "sms"
CHANNELS: dict[str, str] = {customers.EMAIL: MAIL, customers.PHONE: SMS}
KINDS = {channel: kind for kind, channel in CHANNELS.items()}


def can_send_code(request_type: RequestType, kind: str) -> bool:
    """Whether a code can be sent to this kind of contact."""
    if kind == customers.EMAIL:
        return True
    return templates.has(request_type, CODE) and SMS in templates.channels(
        request_type, CODE, current.locale(request_type)
    )


def is_simulated(channel: str) -> bool:
    """Whether a message on this channel is found in the outbox of a demonstration alone."""
    settings = installation.current().settings
    return settings.demo and (channel != MAIL or settings.mail is None)


def code(request_type: RequestType, channel: str) -> Callable[[str], codes.Message]:
    """The writer of a message around a code."""

    def compose(digits: str) -> codes.Message:
        minutes = int(codes.LIFETIME.total_seconds() // 60)
        given = _from_bundle(request_type, CODE, channel, {"code": digits, "minutes": minutes})
        if given is not None:
            return given
        provider = installation.current().settings.provider_name
        subject = _("Your code for %(provider)s", provider=provider)
        body = _(
            "Your code is %(code)s\n\nType it on the page you have open. It is valid for "
            "%(minutes)s minutes. If you did not ask for it, forget this message; never tell "
            "the code to anybody.\n\n%(provider)s",
            code=digits,
            minutes=minutes,
            provider=provider,
        )
        return codes.Message(CODE, subject, body, _html(body))

    return compose


def resume(request_type: RequestType, link: str) -> codes.Message:
    """The mail with the link back to a draft."""
    given = _from_bundle(request_type, RESUME, MAIL, {"link": link})
    if given is not None:
        return given
    name = request_type.name(current.locale(request_type))
    provider = installation.current().settings.provider_name
    body = _(
        "Here you go on with your application (%(service)s):\n\n%(link)s\n\nWhoever has this link "
        "can read and change what you typed, so keep it to yourself. It works for 30 days.\n\n"
        "%(provider)s",
        service=name,
        link=link,
        provider=provider,
    )
    subject = _("Go on with your application: %(service)s", service=name)
    return codes.Message(RESUME, subject, body, _html(body, link))


def _from_bundle(
    request_type: RequestType, key: str, channel: str, values: dict[str, object]
) -> codes.Message | None:
    if not templates.has(request_type, key):
        return None
    locale = current.locale(request_type)
    everything = {
        **values,
        "service": {"name": request_type.name(locale)},
        "provider": {"name": installation.current().settings.provider_name},
    }
    try:
        ready = templates.render(request_type, key, channel, locale, everything)
    except NotFoundError:  # written for other channels only
        return None
    return codes.Message(key, ready.subject, ready.body, ready.html, ready.registration)


def _html(body: str, link: str = "") -> str:
    paragraphs = (escape(part) for part in body.split("\n\n"))
    anchor = Markup('<a href="{0}">{0}</a>').format(link)
    return "".join(
        Markup("<p>{}</p>").format(anchor if link and str(part) == str(escape(link)) else part)
        for part in paragraphs
    )
