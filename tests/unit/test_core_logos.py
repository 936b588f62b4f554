"""A picture that was sent as the logo: known by its content, bounded before it is decoded, drawn anew."""

import struct
import zlib
from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from core.domain.logos import LARGEST, MOST_BYTES, read_logo
from core.errors import LogoTooLarge, LogoUnreadable

SECRET = b"at home, 56.95 N 24.1 E"


def picture(kind: str, size: tuple[int, int] = (900, 300), **options: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "#1f5fbf").save(written, kind, **options)
    return written.getvalue()


def of_pixels(width: int, height: int) -> bytes:
    """Return the beginning of a PNG that says how large it is, and holds next to nothing."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_a_small_png_whose_version_says_its_size(kind: str) -> None:
    logo = read_logo(picture(kind))
    with Image.open(BytesIO(b64decode(logo.content))) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", LARGEST)
    assert logo.version.endswith("-360x120")
    assert read_logo(picture(kind)).version == logo.version


def test_what_a_picture_tells_besides_is_left_out() -> None:
    notes, exif = PngInfo(), Image.Exif()
    notes.add_text("Location", SECRET.decode())
    exif[0x010E] = SECRET.decode()
    sent = [picture("PNG", pnginfo=notes), picture("JPEG", exif=exif, icc_profile=SECRET)]
    assert all(SECRET in each for each in sent)
    assert not [each for each in sent if SECRET in b64decode(read_logo(each).content)]


def test_a_photo_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    assert read_logo(picture("JPEG", (40, 20), exif=exif)).version.endswith("-20x40")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(100),
        picture("PNG")[:60],
        picture("PNG", (300, 8)),
        of_pixels(50_000, 50_000),
        of_pixels(5_001, 5_001),
    ],
)
def test_what_is_no_picture_or_has_too_many_pixels_is_refused(sent: bytes) -> None:
    with pytest.raises(LogoUnreadable):
        read_logo(sent)


def test_a_large_file_is_refused_unread() -> None:
    with pytest.raises(LogoTooLarge):
        read_logo(bytes(MOST_BYTES + 1))
