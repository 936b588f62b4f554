"""E-mail, as far as the pages ask for it: whether it can be sent, in which language, and by which sender."""

from email.utils import parseaddr

from aiohttp import web

from core.services.account import Organisation
from web.app_keys import SETTINGS
from web.pages import PAGES


def mail_language(request: web.Request, organisation: Organisation) -> str | None:
    """Return the code of the visitor's language, for a message to them; None if no e-mail can be sent."""
    return request.app[PAGES].language(request, organisation).code if request.app[SETTINGS].sends_mail else None


def sender_of(request: web.Request) -> str | None:
    """Return the address that messages come from; None if no e-mail can be sent."""
    settings = request.app[SETTINGS]
    return parseaddr(settings.mail_from or "")[1] if settings.sends_mail else None
