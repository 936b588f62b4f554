"""Where a page is shown: in a browser, or under `/m` in Telegram's Mini App, with its own cookie and headers."""

from aiohttp import web

from core.config import MINI_APP_PATH

ROOT = MINI_APP_PATH


def is_in_mini_app(request: web.Request) -> bool:
    """Return whether a request is for a page inside the Mini App."""
    return request.path == ROOT or request.path.startswith(f"{ROOT}/")


def kept_inside(location: str) -> str:
    """Return where a redirect from inside the Mini App leads: a path of ours stays inside it."""
    is_ours = location.startswith("/") and not location.startswith((f"{ROOT}/", "//"))
    return f"{ROOT}{location}" if is_ours else location
