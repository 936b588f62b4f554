"""Static files: the style sheet in the account's colour, compressed; pictures; what crawlers may fetch."""

import gzip
import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path

from aiohttp import web

from web.colours import for_dark, for_light

STATIC = Path(__file__).parent / "static"
STYLE_PATH = r"/static/{style:[0-9a-f]{12}(?:-[0-9a-f]{6})?\.css}"
PREVIEW_PATH = "/static/preview.png"
FOREVER = "public, max-age=31536000, immutable"
DAY = "public, max-age=86400"
COLOURED = re.compile(r"(--accent: )#[0-9a-f]{3,6}(;\s*--on-accent: )#[0-9a-f]{3,6}")
# Services that show a preview of a link that was sent, and ask robots.txt before. Nothing is indexed: X-Robots-Tag.
PREVIEWERS = ("facebookexternalhit", "Facebot", "Twitterbot", "LinkedInBot", "Slackbot-LinkExpanding", "TelegramBot")


def style_name(accent: str | None) -> str:
    """Return the style sheet's name in a colour: with a hash of its content, so that browsers can cache it forever."""
    version = hashlib.sha256(_content("style.css")).hexdigest()[:12]
    return f"{version}{f'-{accent[1:]}' if accent else ''}.css"


async def style(request: web.Request) -> web.Response:
    """Return the style sheet."""
    name = request.match_info["style"]
    accent = name.removesuffix(".css").partition("-")[2]
    if name != style_name(f"#{accent}" if accent else None):  # of another version: it would be kept forever
        raise web.HTTPNotFound
    plain, packed = _style(accent)
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = _file(packed if is_packed else plain, "text/css", FOREVER)
    response.headers["Vary"] = "Accept-Encoding"
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


async def icon(_request: web.Request) -> web.Response:
    """Return the icon of the pages."""
    return _file(_content("icon.svg"), "image/svg+xml", DAY)


async def preview(_request: web.Request) -> web.Response:
    """Return the picture that messengers show with a link; other sites may show it, too."""
    response = web.Response(body=_content("preview.png"), content_type="image/png", headers={"Cache-Control": DAY})
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


async def robots(_request: web.Request) -> web.Response:
    """Return which pages crawlers may fetch: links, for those who show a preview of one."""
    named = "".join(f"User-agent: {each}\n" for each in PREVIEWERS)
    return web.Response(text=f"{named}Allow: /s/\nAllow: /static/\nDisallow: /\n\nUser-agent: *\nDisallow: /\n")


@lru_cache(maxsize=8)
def _style(accent: str) -> tuple[bytes, bytes]:
    """Return the style sheet in a colour (empty: ours), as it is and compressed."""
    text = _content("style.css").decode()
    if accent:
        schemes = iter((for_light(f"#{accent}"), for_dark(f"#{accent}")))

        def in_colour(found: re.Match[str]) -> str:
            scheme = next(schemes)
            return f"{found[1]}{scheme.colour}{found[2]}{scheme.on_it}"

        text = COLOURED.sub(in_colour, text, count=2)
    return text.encode(), gzip.compress(text.encode(), mtime=0)


def _file(body: bytes, content_type: str, caching: str) -> web.Response:
    """Return a small file, from memory: a client that doesn't read it is given up, unlike with web.FileResponse."""
    headers = {"Cache-Control": caching}
    return web.Response(body=body, content_type=content_type, charset="utf-8", headers=headers)


@cache
def _content(name: str) -> bytes:
    return (STATIC / name).read_bytes()
