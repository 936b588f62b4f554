"""Form tickets: the hidden value that proves a form came from our own page in this very browser.

A ticket is derived from the visitor's random number and the form's purpose. It guards against forged posts (CSRF), and
it tells a form that comes again. It is the same each time the page is opened, because a browser that goes back loads
the page anew, and what is sent from there is the same form still. No row is kept for it.
"""

import hashlib
import hmac


class StaleForm(Exception):  # noqa: N818 - an answer to a visitor
    """The form's ticket is missing, forged, or was issued to another browser."""


class Tickets:
    """Issues and checks tickets with the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._key = secret_key.encode()

    def issue(self, visitor: str, purpose: str) -> str:
        """Make the ticket of a visitor's form."""
        return self._sign("ticket", visitor, purpose)

    def check(self, ticket: str, visitor: str, purpose: str) -> None:
        """Let the visitor's own ticket for this purpose pass. Raises StaleForm."""
        if not hmac.compare_digest(ticket.encode(), self.issue(visitor, purpose).encode()):
            raise StaleForm

    def form_key(self, ticket: str, email: str) -> str:
        """Identify a filled-in form: the same page sent again for the same e-mail address, whatever else changed."""
        return self._sign("form", ticket, email)

    def _sign(self, *parts: str) -> str:
        return hmac.new(self._key, "\n".join(parts).encode(), hashlib.sha256).hexdigest()
