"""Form tokens: the hidden value that proves that a form came from this site, in this browser.

A token is derived from the visitor's random number and the form's purpose. It protects against forged posts (CSRF) and
identifies a form that is sent again. It is the same each time the page is opened: a browser that goes back loads the
page again, and what is sent from there is still the same form. It isn't stored.
"""

import hashlib
import hmac
from collections.abc import Mapping

from aiohttp import web

from core.security_log import Reason, SecurityEvent
from web.cookies import COOKIES
from web.security_events import report

FIELD = "form_token"
RETRIED = "retried"  # a field of a form that was stale once already


class StaleForm(Exception):  # noqa: N818 - an answer to a visitor
    """The form's token is missing, forged, or was issued to another browser."""


class FormTokens:
    """Issues and checks form tokens with the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._key = secret_key.encode()

    def issue(self, visitor: str, purpose: str) -> str:
        """Return the token of a visitor's form."""
        return self._sign("form token", visitor, purpose)

    def check(self, token: str, visitor: str, purpose: str) -> None:
        """Accept only the visitor's own token for this purpose. Raises StaleForm."""
        if not hmac.compare_digest(token.encode(), self.issue(visitor, purpose).encode()):
            raise StaleForm

    def form_key(self, token: str, email: str) -> str:
        """Identify a filled-in form: the same page sent again for the same e-mail address, whatever else changed."""
        return self._sign("form", token, email)

    def _sign(self, *parts: str) -> str:
        return hmac.new(self._key, "\n".join(parts).encode(), hashlib.sha256).hexdigest()


FORM_TOKENS = web.AppKey("form_tokens", FormTokens)


def check_form_token(request: web.Request, form: Mapping[str, str], purpose: str) -> str:
    """Return the token that a form carries, if it was issued to this visitor for this purpose. Raises StaleForm."""
    visitor, is_new = request.app[COOKIES].visitor(request)
    if is_new:
        raise StaleForm
    request.app[FORM_TOKENS].check(token := form.get(FIELD, ""), visitor, purpose)
    return token


def stale_notice(request: web.Request, form: Mapping[str, str]) -> str:
    """Report a stale form, and return which notice tells of it: the second time it may be that cookies are off."""
    report(request, SecurityEvent.FORM_REFUSED, reason=Reason.WRONG_TOKEN)
    _, is_new = request.app[COOKIES].visitor(request)
    return "no cookies" if is_new and RETRIED in form else "stale"
