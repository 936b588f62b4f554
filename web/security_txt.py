"""security.txt (RFC 9116): whom to tell about vulnerabilities."""

from datetime import timedelta

from aiohttp import web

from web.app_keys import ENGINE, SETTINGS

PATH = "/.well-known/security.txt"
VALID_FOR = timedelta(days=90)  # RFC 9116, 2.5.5: less than a year


async def show(request: web.Request) -> web.Response:
    """Return the contact of the settings; 404 if there is none."""
    settings = request.app[SETTINGS]
    if settings.security_contact is None:
        raise web.HTTPNotFound
    tomorrow = request.app[ENGINE].now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    lines = (
        f"Contact: {settings.security_contact}",
        f"Expires: {tomorrow + VALID_FOR:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {settings.public_url}{PATH}",
        "Preferred-Languages: en, ru, es",
    )
    return web.Response(text="\n".join(lines) + "\n", headers={"Cache-Control": "public, max-age=86400"})
