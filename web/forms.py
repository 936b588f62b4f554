"""Posted forms as text."""

from urllib.parse import parse_qsl

from aiohttp import web

from web.connections import read_body

LARGEST_FORM = 64 * 1024  # bytes
HTML_FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 100


async def read_posted(request: web.Request) -> dict[str, str]:
    """Read a posted form: the first value of each field. Raises 400, 408, 413 or 415.

    Always as UTF-8: some character sets that a client can name produce text that can't be written into a page.
    """
    if request.content_type != HTML_FORM:
        raise web.HTTPUnsupportedMediaType
    try:
        body = await read_body(request, LARGEST_FORM)
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (ValueError, web.RequestPayloadError):  # too many fields; a body that is cut off or can't be decompressed
        raise web.HTTPBadRequest from None
    return dict(reversed(pairs))
