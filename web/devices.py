"""By what people tell their log-ins apart: a coarse name of browser and system, from `User-Agent`."""

import re

from aiohttp import web

from core.services.sessions import Browser
from web.cookies import COOKIES

IN_TELEGRAM = "Telegram"
LONGEST = 500  # characters that are looked at
BROWSERS = (  # a later one is contained in what an earlier one sends
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|OPT/|OPiOS/"),
    ("Yandex", r"YaBrowser/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Version/[0-9.]+.*Safari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("Chromebook", r"CrOS"),
    ("Mac", r"Macintosh"),
    ("Linux", r"Linux"),
)


def browser_of(request: web.Request) -> Browser:
    """Return the browser that asks."""
    return Browser(device=name_of(request.headers.get("User-Agent", "")), earlier=request.app[COOKIES].session(request))


def name_of(user_agent: str) -> str:
    """Return a name such as `Chrome, Android`; empty if neither is known. No version: it tells nobody anything."""
    sent = user_agent[:LONGEST]
    found = (next((name for name, pattern in known if re.search(pattern, sent)), None) for known in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, found))
