"""Form tickets: the hidden value that proves a form came from our own page in this very browser.

A ticket is a random number signed for one visitor and one purpose. It guards against forged posts (CSRF), and it tells
this very copy of the form when it is sent again. No row is kept for it.
"""

import hashlib
import hmac
import re
import secrets


class StaleForm(Exception):  # noqa: N818 - an answer to a visitor
    """The form's ticket is missing, forged, or was issued to another browser."""


TICKET = re.compile(r"([A-Za-z0-9_-]{22})\.([0-9a-f]{64})")


class Tickets:
    """Issues and checks tickets with the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._key = secret_key.encode()

    def issue(self, visitor: str, purpose: str) -> str:
        """Make a ticket for a visitor's form."""
        number = secrets.token_urlsafe(16)
        return f"{number}.{self._sign('ticket', number, visitor, purpose)}"

    def number(self, ticket: str, visitor: str, purpose: str) -> str | None:
        """Give a valid ticket's number; None where it is missing, forged, or somebody else's."""
        parts = TICKET.fullmatch(ticket)
        if parts and hmac.compare_digest(parts[2], self._sign("ticket", parts[1], visitor, purpose)):
            return parts[1]
        return None

    def form_key(self, number: str, email: str) -> str:
        """Identify a filled-in form: the same page sent again for the same e-mail address, whatever else changed."""
        return self._sign("form", number, email)

    def _sign(self, *parts: str) -> str:
        return hmac.new(self._key, "\n".join(parts).encode(), hashlib.sha256).hexdigest()
