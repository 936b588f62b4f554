"""Pictures that the chat sends."""

from io import BytesIO

import segno

SCALE = 24  # pixels a module: sharp on a poster too
QUIET = 4  # modules of white around it, required by ISO/IEC 18004


def qr_code(link: str) -> bytes:
    """Return a link as a QR code: a PNG that stays readable if a quarter of it is damaged."""
    picture = BytesIO()
    segno.make_qr(link, error="q").save(picture, kind="png", scale=SCALE, border=QUIET)
    return picture.getvalue()
