"""The webhook: stores the updates that Telegram posts, and only then confirms them; the bot processes them."""

import hmac
import json

import structlog
from aiohttp import web

from core.domain.updates import read_update
from core.errors import NotAnUpdate
from core.security_log import SecurityEvent
from core.update_recorder import UpdateRecorder
from web.connections import read_body
from web.security_events import report

SECRET = web.AppKey("webhook_secret", str)
RECORDER = web.AppKey("update_recorder", UpdateRecorder)
HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST_UPDATE = 1024 * 1024  # bytes; more than a form

log = structlog.get_logger()


async def receive(request: web.Request) -> web.Response:
    """Store an update. A request without the secret gets 404, as if there were no such page.

    What isn't JSON gets 400: it was cut off on its way, and Telegram posts it again. Other JSON that isn't an update is
    left out with 200, because Telegram repeats whatever is answered otherwise, and holds back what comes after it.
    """
    secret = request.headers.get(HEADER, "")
    if not hmac.compare_digest(secret.encode(errors="replace"), request.app[SECRET].encode()):
        report(request, SecurityEvent.WEBHOOK_REFUSED)
        raise web.HTTPNotFound
    try:
        body = json.loads(await read_body(request, LARGEST_UPDATE))
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest from None
    try:
        await request.app[RECORDER].record([read_update(body)])
    except NotAnUpdate:
        log.warning("left out what isn't an update")
    return web.Response(text="ok\n")
