"""Services that fetch a link which was sent, to show a preview of it; they ask robots.txt before."""

import re

from aiohttp import web

PREVIEWERS = (
    "facebookexternalhit",
    "Facebot",
    "Twitterbot",
    "LinkedInBot",
    "Slackbot-LinkExpanding",
    "TelegramBot",
    "WhatsApp",
)
_NAMED = re.compile("|".join(map(re.escape, PREVIEWERS)), re.IGNORECASE)


def is_previewer(request: web.Request) -> bool:
    """Return whether a service asks for a page to show a preview of it, by the name that it gives itself."""
    return _NAMED.search(request.headers.get("User-Agent", "")[:300]) is not None
