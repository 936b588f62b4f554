"""The account's logo, under an address with its version, and its place on the pages."""

from dataclasses import dataclass

from aiohttp import web

from core.services import logos
from core.services.account import Organisation
from web.app_keys import ENGINE
from web.static_files import FOREVER

PATH = r"/static/{logo:[0-9a-f]{12}-[0-9]{1,3}x[0-9]{1,3}}.png"


@dataclass(frozen=True, kw_only=True)
class ShownLogo:
    """A logo's path, and its width and height in pixels."""

    path: str
    width: int
    height: int


def logo_of(organisation: Organisation | None) -> ShownLogo | None:
    """Return an organisation's logo; None if it has none."""
    if organisation is None or organisation.logo is None:
        return None
    width, height = map(int, organisation.logo.partition("-")[2].split("x"))
    return ShownLogo(path=f"/static/{organisation.logo}.png", width=width, height=height)


async def show(request: web.Request) -> web.Response:
    """Return a logo, which other sites may show, too: messengers do, with a link."""
    picture = await request.app[ENGINE].read(logos.picture, request.match_info["logo"])
    if picture is None:
        raise web.HTTPNotFound
    headers = {"Cache-Control": FOREVER, "Cross-Origin-Resource-Policy": "cross-origin"}
    return web.Response(body=picture, content_type="image/png", headers=headers)
