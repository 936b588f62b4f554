"""The file that a call sends: new with the call, or known from before by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import refusals
from bot.sandbox.files import document_from, photo_from
from bot.sandbox.images import checked_photo
from bot.sandbox.refusals import ApiError

if TYPE_CHECKING:
    from bot.sandbox.calls import Call
    from bot.sandbox.files import SentFile
    from bot.sandbox.world import World


def sent_file(world: World, call: Call, parameter: str) -> tuple[SentFile, bytes | None]:
    """Return the file of a parameter, with its contents if they are new."""
    upload = call.file(parameter)
    if upload is None:
        return _known(world, call, parameter), None
    if not upload.data:
        raise ApiError(refusals.EMPTY_FILE)
    file = photo_from(upload, checked_photo(upload.data)) if parameter == "photo" else document_from(upload)
    return file, upload.data


def _known(world: World, call: Call, parameter: str) -> SentFile:
    file_id = call.text(parameter)
    if file_id.startswith("attach://"):
        raise ApiError(refusals.missing(parameter))
    if file_id.startswith(("http://", "https://")):  # the sandbox fetches nothing from anywhere
        raise ApiError(refusals.NO_FETCHING)
    file = world.files.get(file_id)
    if file is None or file.is_photo != (parameter == "photo"):
        raise ApiError(refusals.WRONG_FILE_ID)
    return file
