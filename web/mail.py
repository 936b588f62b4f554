"""E-mail, as far as the pages ask for it: whether it can be sent, in which language, and by which sender."""

from email.utils import parseaddr

from aiohttp import web

from core.services.account import Organisation
from core.services.confirmations import Addressee
from web.app_keys import SETTINGS
from web.limits import pseudonym_of
from web.pages import PAGES


def can_mail(request: web.Request) -> bool:
    """Return whether e-mail can be sent."""
    return request.app[SETTINGS].sends_mail


def mail_language(request: web.Request, organisation: Organisation) -> str | None:
    """Return the code of the visitor's language, for a message to them; None if no e-mail can be sent."""
    return request.app[PAGES].language(request, organisation).code if can_mail(request) else None


def addressee(request: web.Request, organisation: Organisation, email: str) -> Addressee | None:
    """Return how a message about a confirmation reaches an address; None if no e-mail can be sent."""
    language = mail_language(request, organisation)
    return None if language is None else Addressee(language=language, pseudonym=pseudonym_of(request, email))


def sender_of(request: web.Request) -> str | None:
    """Return the address that messages come from; None if no e-mail can be sent."""
    settings = request.app[SETTINGS]
    return parseaddr(settings.mail_from or "")[1] if settings.sends_mail else None
