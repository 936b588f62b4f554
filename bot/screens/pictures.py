"""Pictures that the chat sends."""

from io import BytesIO

import segno

SCALE = 24  # pixels a module: sharp on a poster too
QUIET = 4  # modules of white around it, as ISO/IEC 18004 wants


def qr_code(link: str) -> bytes:
    """Draw a link as a QR code, a PNG that still reads with a quarter of it damaged."""
    picture = BytesIO()
    segno.make_qr(link, error="q").save(picture, kind="png", scale=SCALE, border=QUIET)
    return picture.getvalue()
