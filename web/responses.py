"""Responses that are no pages."""

from aiohttp import web


def see_other(path: str) -> web.Response:
    """Redirect the browser to a page of this site."""
    return web.Response(status=303, headers={"Location": path})
