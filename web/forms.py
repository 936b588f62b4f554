"""Posted forms as text."""

from urllib.parse import parse_qsl

from aiohttp import web

HTML_FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 100


async def read_posted(request: web.Request) -> dict[str, str]:
    """Read a posted form: the first value of each field. Raises 400, 413 or 415 where it is none.

    Always as UTF-8: some of the character sets that a client may name produce text that no page can be written with.
    """
    if request.content_type != HTML_FORM:
        raise web.HTTPUnsupportedMediaType
    try:
        body = await request.read()
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (ValueError, web.RequestPayloadError):  # too many fields; a body that ends too early or does not unpack
        raise web.HTTPBadRequest from None
    return dict(reversed(pairs))


def printable(text: str, *, longest: int) -> str:
    """Keep what can be printed: no database takes a NUL in a text."""
    return "".join(character for character in text[:longest] if character.isprintable())
