"""Responses that are no pages, and what pages have in common."""

from aiohttp import web

SOON = 5  # seconds: an outage may end at any moment


def see_other(path: str) -> web.Response:
    """Redirect the browser to a page of this site."""
    return web.Response(status=303, headers={"Location": path})


def to_send_again(page: web.Response, seconds: int) -> web.Response:
    """Say in a page's headers after how many seconds its form can be sent again."""
    page.headers["Retry-After"] = str(seconds)
    return page
