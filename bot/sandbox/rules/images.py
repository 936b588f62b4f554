"""The type, size and dimensions of a picture, read from its header."""

from __future__ import annotations

import struct

from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError

PHOTO_BYTES = 10 * 2**20

_SIDES_SUM = 10_000
_RATIO = 20
_PNG = b"\x89PNG\r\n\x1a\n"
_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})  # JPEG segments in the range of frames that hold no dimensions
_FRAMES = range(0xC0, 0xD0)

Size = tuple[int, int]


def checked_photo(data: bytes) -> Size:
    """Return a photo's width and height, or raise the error that Telegram would return."""
    if len(data) > PHOTO_BYTES:
        raise ApiError(error_messages.photo_too_big(len(data), PHOTO_BYTES))
    size = image_size(data)
    if size is None:
        raise ApiError(error_messages.NOT_AN_IMAGE)
    if sum(size) > _SIDES_SUM or max(size) > _RATIO * min(size):
        raise ApiError(error_messages.DIMENSIONS_INVALID)
    return size


def image_type(data: bytes) -> str:
    """Return the media type of a picture, by its first bytes."""
    if data.startswith(_PNG):
        return "image/png"
    if data.startswith(b"GIF8"):
        return "image/gif"
    return "image/webp" if data[8:12] == b"WEBP" else "image/jpeg"


def image_size(data: bytes) -> Size | None:
    """Return the width and height of a PNG, GIF, WebP or JPEG, None for anything else."""
    try:
        size = _size(data)
    except (struct.error, IndexError):
        return None
    return size if size and min(size) > 0 else None


def _size(data: bytes) -> Size | None:
    if data.startswith(_PNG):
        return _pair(">II", data, 16)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _pair("<HH", data, 6)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp_size(data)
    return _jpeg_size(data) if data.startswith(b"\xff\xd8") else None


def _pair(layout: str, data: bytes, at: int) -> Size:
    first, second = struct.unpack_from(layout, data, at)
    return int(first), int(second)


def _webp_size(data: bytes) -> Size | None:
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = _pair("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    return None


def _jpeg_size(data: bytes) -> Size | None:
    at = 2
    while data[at] == 0xFF:  # noqa: PLR2004 - the first byte of every JPEG segment
        marker = data[at + 1]
        if marker in _FRAMES and marker not in _NO_FRAME:
            height, width = _pair(">HH", data, at + 5)
            return width, height
        (length,) = struct.unpack_from(">H", data, at + 2)
        at += 2 + int(length)
    return None
