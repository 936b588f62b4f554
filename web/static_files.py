"""Static files: the style sheet in the account's colour and scripts, compressed; pictures; what crawlers may fetch."""

import gzip
import hashlib
import re
from base64 import b64encode
from functools import cache, lru_cache
from pathlib import Path

from aiohttp import web

from web.colours import for_dark, for_light
from web.previewers import PREVIEWERS
from web.themes import Theme, read_theme

STATIC = Path(__file__).parent / "static"
STYLE_PATH = r"/static/{style:[0-9a-f]{12}(?:-[0-9a-f]{6}){0,5}\.css}"
SCRIPT_PATH = r"/static/{script:[0-9a-f]{12}\.js}"
MINI_APP, DRIVER, WORKER = "mini_app.js", "challenge.js", "vendor/altcha_pbkdf2.js"
SCRIPTS = (MINI_APP, DRIVER, WORKER)
PREVIEW_PATH = "/static/preview.png"
FOREVER = "public, max-age=31536000, immutable"
DAY = "public, max-age=86400"
SCHEMES = re.compile(r":root \{\n(.*?)\n\s*(?:font.*?\n\s*)?\}", re.DOTALL)
DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{.*?\n\}\n", re.DOTALL)
VARIABLE = re.compile(r"--([a-z-]+): ([^;]+);")
SHORT = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])")
COLOURED = re.compile(r"(--accent: )#[0-9a-f]{3,6}(;\s*--on-accent: )#[0-9a-f]{3,6}")


def style_name(colours: str) -> str:
    """Return the style sheet's name in some colours: with a hash of its content, so that browsers can cache it forever.

    `colours` are six hexadecimal digits for the account's accent, a `Theme.text` for Telegram's, or empty for ours.
    """
    return f"{_version('style.css')}{f'-{colours}' if colours else ''}.css"


def script_name(file: str) -> str:
    """Return a script's name, with a hash of its content."""
    return f"{_version(file)}.js"


def integrity_of(file: str) -> str:
    """Return what a page says of a script's content (Subresource Integrity), so that no other runs."""
    return f"sha256-{b64encode(hashlib.sha256(_content(file)).digest()).decode()}"


async def style(request: web.Request) -> web.Response:
    """Return the style sheet."""
    name = request.match_info["style"]
    colours = name.removesuffix(".css").partition("-")[2]
    is_known = len(colours) <= len("rrggbb") or read_theme(colours) is not None
    if name != style_name(colours) or not is_known:  # of another version: it would be kept forever
        raise web.HTTPNotFound
    plain, packed = _style(colours)
    return _packed(request, plain, packed, "text/css")


async def script(request: web.Request) -> web.Response:
    """Return a script: the Mini App's, or one of a challenge."""
    for file in SCRIPTS:
        if request.match_info["script"] == script_name(file):
            return _packed(request, _content(file), _compressed(file), "text/javascript")
    raise web.HTTPNotFound


async def icon(_request: web.Request) -> web.Response:
    """Return the icon of the pages."""
    return _file(_content("icon.svg"), "image/svg+xml", DAY)


async def preview(_request: web.Request) -> web.Response:
    """Return the picture that messengers show with a link; other sites may show it, too."""
    response = web.Response(body=_content("preview.png"), content_type="image/png", headers={"Cache-Control": DAY})
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


async def robots(_request: web.Request) -> web.Response:
    """Return which pages crawlers may fetch: links, for those who show a preview. X-Robots-Tag forbids an index."""
    named = "".join(f"User-agent: {each}\n" for each in PREVIEWERS)
    return web.Response(text=f"{named}Allow: /s/\nAllow: /static/\nDisallow: /\n\nUser-agent: *\nDisallow: /\n")


@lru_cache(maxsize=32)
def _style(colours: str) -> tuple[bytes, bytes]:
    """Return the style sheet in some colours (empty: ours), as it is and compressed."""
    text = _content("style.css").decode()
    if theme := read_theme(colours):
        text = _in_theme(text, theme)
    elif colours:
        schemes = iter((for_light(f"#{colours}"), for_dark(f"#{colours}")))

        def in_colour(found: re.Match[str]) -> str:
            scheme = next(schemes)
            return f"{found[1]}{scheme.colour}{found[2]}{scheme.on_it}"

        text = COLOURED.sub(in_colour, text, count=2)
    return text.encode(), gzip.compress(text.encode(), mtime=0)


def _in_theme(text: str, theme: Theme) -> str:
    """Return the style sheet with one scheme, in a person's own colours, whatever the browser prefers."""
    light, dark = (dict(VARIABLE.findall(scheme)) for scheme in SCHEMES.findall(text)[:2])
    usual = {
        name: SHORT.sub(r"#\1\1\2\2\3\3", value) if len(value) == len("#rgb") else value
        for name, value in (dark if theme.is_dark else light).items()
    }
    variables = theme.variables(usual)
    light_part, separator, rest = DARK.sub("", text, count=1).partition("}")
    return VARIABLE.sub(lambda found: f"--{found[1]}: {variables[found[1]]};", light_part) + separator + rest


def _packed(request: web.Request, plain: bytes, packed: bytes, content_type: str) -> web.Response:
    """Return a file whose name holds its version, compressed if the client can read that."""
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = _file(packed if is_packed else plain, content_type, FOREVER)
    response.headers["Vary"] = "Accept-Encoding"
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _file(body: bytes, content_type: str, caching: str) -> web.Response:
    """Return a small file, from memory: a client that doesn't read it is given up, unlike with web.FileResponse."""
    headers = {"Cache-Control": caching}
    return web.Response(body=body, content_type=content_type, charset="utf-8", headers=headers)


def _version(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:12]


@cache
def _compressed(name: str) -> bytes:
    return gzip.compress(_content(name), mtime=0)


@cache
def _content(name: str) -> bytes:
    return (STATIC / name).read_bytes()
