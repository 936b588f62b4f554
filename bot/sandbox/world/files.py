"""Files sent by the bot and by people."""

from __future__ import annotations

import mimetypes
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.rules.images import image_type

if TYPE_CHECKING:
    from bot.sandbox.rules.call import Upload
    from bot.sandbox.rules.images import Size

_UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """The metadata of a file, whose contents are in the store."""

    file_id: str
    file_unique_id: str
    path: str
    name: str
    mime_type: str
    size: int
    width: int = 0
    height: int = 0

    @property
    def is_photo(self) -> bool:
        """Whether the file was sent as a photo."""
        return self.width > 0

    def as_file(self) -> dict[str, Any]:
        """Return Telegram's File, the result of getFile."""
        return {**self._ids(), "file_path": self.path}

    def as_media(self) -> dict[str, Any]:
        """Return the field of a message for this file: photo or document."""
        if self.is_photo:
            return {"photo": [{**self._ids(), "width": self.width, "height": self.height}]}
        return {"document": {**self._ids(), "file_name": self.name, "mime_type": self.mime_type}}

    def as_json(self) -> dict[str, Any]:
        """Return the metadata as the store keeps it."""
        return asdict(self)

    def _ids(self) -> dict[str, Any]:
        return {"file_id": self.file_id, "file_unique_id": self.file_unique_id, "file_size": self.size}


def photo_from(upload: Upload, size: Size) -> SentFile:
    """Return the metadata of a photo, which has no name in Telegram."""
    mime_type = image_type(upload.data)
    suffix = mime_type.removeprefix("image/").replace("jpeg", "jpg")
    unique = secrets.token_urlsafe(12)
    return SentFile(
        file_id=f"AgAC{secrets.token_urlsafe(36)}",
        file_unique_id=unique,
        path=f"photos/{unique}.{suffix}",
        name=f"{unique}.{suffix}",
        mime_type=mime_type,
        size=len(upload.data),
        width=size[0],
        height=size[1],
    )


def document_from(upload: Upload) -> SentFile:
    """Return the metadata of a document."""
    unique = secrets.token_urlsafe(12)
    guessed, _ = mimetypes.guess_type(upload.name)
    suffix = mimetypes.guess_extension(guessed or "") or ".bin"
    stated = "" if upload.mime_type == _UNKNOWN_TYPE else upload.mime_type
    return SentFile(
        file_id=f"BQAC{secrets.token_urlsafe(36)}",
        file_unique_id=unique,
        path=f"documents/{unique}{suffix}",
        name=upload.name or f"file{suffix}",
        mime_type=guessed or stated or _UNKNOWN_TYPE,
        size=len(upload.data),
    )
