"""The account's logo: a picture that somebody sent, read within bounds and drawn anew, so that nothing else is kept."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO

from core.errors import LogoTooLarge, LogoUnreadable

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 25_000_000
LEAST_SIDE = 16  # pixels
FORMATS = ("PNG", "JPEG", "WEBP")  # by their content; no SVG, which can hold scripts
LARGEST = (360, 120)  # pixels, for screens that have two or three for each of ours


@dataclass(frozen=True, kw_only=True)
class Logo:
    """A logo as it is served: a PNG in base64, and its version, `<12 hexadecimal digits>-<width>x<height>`."""

    version: str
    content: str


def read_logo(contents: bytes) -> Logo:
    """Return a picture as a logo: turned as its camera says, no larger than LARGEST, and without metadata.

    Takes CPU. Sizes are checked before anything is decoded. Raises LogoTooLarge, LogoUnreadable.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - the pages show logos, and read none

    if len(contents) > MOST_BYTES:
        raise LogoTooLarge(MOST_BYTES)
    try:
        with Image.open(BytesIO(contents), formats=FORMATS) as found:
            if found.width * found.height > MOST_PIXELS or min(found.size) < LEAST_SIDE:
                raise LogoUnreadable
            found.draft("RGB", LARGEST)
            picture = ImageOps.exif_transpose(found).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise LogoUnreadable from None
    picture.thumbnail(LARGEST)
    drawn = Image.new("RGBA", picture.size)
    drawn.paste(picture)
    written = BytesIO()
    drawn.save(written, "PNG", optimize=True)
    digest = hashlib.sha256(written.getvalue()).hexdigest()[:12]
    version = f"{digest}-{drawn.width}x{drawn.height}"
    return Logo(version=version, content=b64encode(written.getvalue()).decode())
