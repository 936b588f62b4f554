"""Where a GET leads that asks for the address of a form: a reload of a refusal, or another language chosen below it."""

from aiohttp import web
from aiohttp.typedefs import Handler

from web.responses import see_other


def back_to(page: str) -> Handler:
    """Return a handler that redirects to a page, with the query; `page` may name parts of the requested path."""

    async def lead_back(request: web.Request) -> web.StreamResponse:
        query = f"?{request.query_string}" if request.query_string else ""
        return see_other(page.format_map(request.match_info) + query)

    return lead_back
