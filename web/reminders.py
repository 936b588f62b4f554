"""The page by which a person stops reminders, or gets them again. Its address is a secret, which a reminder holds.

Opening it changes nothing, because messengers and mail scanners open addresses, too. A form's token isn't asked for:
mail programs post to it at once (RFC 8058), and who knows the address may.
"""

from aiohttp import web

from core.errors import ReminderLinkGone
from core.security_log import SecurityEvent
from core.services import account, reminder_stops
from web.app_keys import ENGINE
from web.forms import read_posted
from web.pages import PAGES
from web.responses import see_other
from web.security_events import report

RESUMING = "resume"  # the field of the form that brings reminders back
RESUMED = "resumed"  # in the query of the page that says so


async def show(request: web.Request) -> web.Response:
    """Show whether reminders are stopped, with a button that changes it."""
    engine, code = request.app[ENGINE], request.match_info["code"]
    organisation = await engine.read(account.organisation)
    try:
        is_stopped = await engine.read(reminder_stops.is_stopped, code)
    except ReminderLinkGone:
        report(request, SecurityEvent.CODE_REFUSED)
        return request.app[PAGES].show(request, "reminders_gone.html", organisation, status=410)
    is_resumed = RESUMED in request.query and not is_stopped
    return request.app[PAGES].show(
        request,
        "reminders.html",
        organisation,
        path=request.path,
        is_stopped=is_stopped,
        is_resumed=is_resumed,
        resuming=RESUMING,
    )


async def change(request: web.Request) -> web.Response:
    """Stop reminders, or bring them back, and show how it is then."""
    form = await read_posted(request)
    engine, code = request.app[ENGINE], request.match_info["code"]
    try:
        if RESUMING in form:
            await engine.write(reminder_stops.resume, code)
            return see_other(f"{request.path}?{RESUMED}")
        await engine.write(reminder_stops.stop, code, engine.now())
    except ReminderLinkGone:
        pass  # the page says so
    return see_other(request.path)
