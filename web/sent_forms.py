"""Whether a browser sent the form of a sign-up: else a stranger may have, with a password that they know."""

import hmac

from aiohttp import web

from web import limits
from web.closed_page import purpose
from web.cookies import COOKIES
from web.form_tokens import FORM_TOKENS


def is_sent_from_here(request: web.Request, *, token: str, email: str, form_key: str, user_id: int) -> bool:
    """Return whether this browser sent a sign-up's form, or changed the address that it gave.

    The status page's cookie wouldn't prove it: opening the page sets that, and a stranger can send the page's address.
    """
    visitor, is_new = request.app[COOKIES].visitor(request)
    tokens = request.app[FORM_TOKENS]
    key = tokens.form_key(tokens.issue(visitor, purpose(token)), email)
    return (not is_new and hmac.compare_digest(key, form_key)) or limits.is_known_device(request, user_id)
