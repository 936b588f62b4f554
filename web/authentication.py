"""Authentication: who is logged in, whether a password is right, and the start and end of a log-in."""

from aiohttp import web

from core.errors import WrongCredentials
from core.services import sessions
from core.services.sessions import SignedIn
from web.app_keys import ENGINE
from web.cookies import COOKIES
from web.responses import see_other


async def find_signed_in(request: web.Request) -> SignedIn | None:
    """Return the user that this browser is logged in as."""
    engine, session_id = request.app[ENGINE], request.app[COOKIES].session(request)
    return await engine.read(sessions.find, session_id, engine.now()) if session_id else None


async def check_password(request: web.Request, identifier: str, password: str) -> int:
    """Return the number of the user with this e-mail address or login and this password. Raises WrongCredentials.

    An unknown identifier takes as long as a wrong password.
    """
    engine = request.app[ENGINE]
    known = await engine.read(sessions.credentials, identifier)
    if not await engine.verify(known.password_hash if known else None, password) or known is None:
        raise WrongCredentials
    return known.user_id


async def start_session(request: web.Request, user_id: int, to: str) -> web.Response:
    """Log a user in and redirect to a page; this browser's earlier log-in ends. Raises AccountInactive."""
    engine, cookies = request.app[ENGINE], request.app[COOKIES]
    earlier = cookies.session(request)
    session_id = await engine.write(sessions.start, user_id, engine.now(), instead_of=earlier)
    response = see_other(to)
    cookies.set_session(response, session_id)
    return response


async def end_session(request: web.Request, to: str) -> web.Response:
    """Log the user out, in the database too, and redirect to a page."""
    cookies = request.app[COOKIES]
    if session_id := cookies.session(request):
        await request.app[ENGINE].write(sessions.end, session_id)
    response = see_other(to)
    cookies.end_session(response)
    return response
