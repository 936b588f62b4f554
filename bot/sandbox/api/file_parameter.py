"""The file parameter of a call: an upload, or the file_id of an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.images import checked_photo
from bot.sandbox.world.files import document_from, photo_from

if TYPE_CHECKING:
    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.files import SentFile
    from bot.sandbox.world.world import World


def read_file(world: World, call: Call, parameter: str) -> tuple[SentFile, bytes | None]:
    """Return the file of a parameter, with its contents if it's an upload."""
    upload = call.file(parameter)
    if upload is None:
        return _known_file(world, call, parameter), None
    if not upload.data:
        raise ApiError(error_messages.EMPTY_FILE)
    file = photo_from(upload, checked_photo(upload.data)) if parameter == "photo" else document_from(upload)
    return file, upload.data


def _known_file(world: World, call: Call, parameter: str) -> SentFile:
    file_id = call.text(parameter)
    if file_id.startswith("attach://"):
        raise ApiError(error_messages.missing_parameter(parameter))
    if file_id.startswith(("http://", "https://")):  # the sandbox downloads nothing
        raise ApiError(error_messages.URL_UPLOAD_FAILED)
    file = world.files.get(file_id)
    if file is None or file.is_photo != (parameter == "photo"):
        raise ApiError(error_messages.FILE_ID_INVALID)
    return file
