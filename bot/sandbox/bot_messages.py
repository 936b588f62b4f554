"""The methods by which the bot writes: sending, editing, deleting, answering taps, files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox import refusals
from bot.sandbox.checks import checked_answer, checked_caption, checked_keyboard, checked_text
from bot.sandbox.files import document_from, photo_from
from bot.sandbox.images import checked_photo
from bot.sandbox.refusals import ApiError
from bot.sandbox.visitors import QUERY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.calls import Call, Upload
    from bot.sandbox.files import SentFile
    from bot.sandbox.markup import Formatted
    from bot.sandbox.people import Person
    from bot.sandbox.world import Kept, World

_TWO_DAYS = 48 * 60 * 60
_NUMBER = re.compile(r"-?\d+")
_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_CHAT_DETAILS = {
    "accent_color_id": 0,
    "max_reaction_count": 11,
    "accepted_gift_types": {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    },
}


class BotMessages:
    """Carries out what the bot does in chats."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return this part of the table of methods."""
        return {
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendDocument": self._send_document,
            "sendChatAction": self._send_chat_action,
            "editMessageText": self._edit_text,
            "editMessageCaption": self._edit_caption,
            "editMessageReplyMarkup": self._edit_keyboard,
            "deleteMessage": self._delete,
            "deleteMessages": self._delete_several,
            "answerCallbackQuery": self._answer_query,
            "getFile": self._get_file,
            "getChat": self._get_chat,
        }

    def _person(self, call: Call) -> Person:
        chat_id = call.text("chat_id").strip()
        person = self._world.people.get(int(chat_id)) if _NUMBER.fullmatch(chat_id) else None
        if person is None:
            raise ApiError(refusals.NO_CHAT)
        return person

    def _reached(self, call: Call) -> Person:
        person = self._person(call)
        if not person.started:
            raise ApiError(refusals.NEVER_STARTED)
        if person.blocked:
            raise ApiError(refusals.BLOCKED)
        return person

    async def _send_message(self, call: Call) -> dict[str, Any]:
        fields = _text_fields("text", "entities", checked_text(call))
        if preview := call.nested("link_preview_options"):
            fields["link_preview_options"] = preview
        return self._send(call, fields)

    async def _send_photo(self, call: Call) -> dict[str, Any]:
        upload = _uploaded(call, "photo")
        file = photo_from(upload, checked_photo(upload.data)) if upload else self._known(call, "photo")
        return self._send_file(call, file, upload)

    async def _send_document(self, call: Call) -> dict[str, Any]:
        upload = _uploaded(call, "document")
        file = document_from(upload) if upload else self._known(call, "document")
        return self._send_file(call, file, upload)

    def _send_file(self, call: Call, file: SentFile, upload: Upload | None) -> dict[str, Any]:
        caption = _text_fields("caption", "caption_entities", checked_caption(call))
        return self._send(call, file.as_media() | caption, (file, upload.data) if upload else None)

    def _known(self, call: Call, parameter: str) -> SentFile:
        file_id = call.text(parameter)
        if file_id.startswith("attach://"):
            raise ApiError(refusals.missing(parameter))
        if file_id.startswith(("http://", "https://")):  # the sandbox fetches nothing from anywhere
            raise ApiError(refusals.NO_FETCHING)
        file = self._world.files.get(file_id)
        if file is None or file.is_photo != (parameter == "photo"):
            raise ApiError(refusals.WRONG_FILE_ID)
        return file

    def _send(
        self, call: Call, fields: dict[str, Any], new_file: tuple[SentFile, bytes] | None = None
    ) -> dict[str, Any]:
        person = self._reached(call)
        if keyboard := checked_keyboard(call):
            fields["reply_markup"] = keyboard
        if quoted := self._quoted(call, person):
            fields["reply_to_message"] = quoted
        if call.flag("protect_content"):
            fields["has_protected_content"] = True
        with self._world.store.together():
            if new_file:
                self._world.keep_file(*new_file)
            return self._world.post(person, self._world.bot, fields).message

    def _quoted(self, call: Call, person: Person) -> dict[str, Any] | None:
        reply = call.nested("reply_parameters")
        if reply is None:
            return None
        if "message_id" not in reply:
            raise ApiError(refusals.NO_REPLY_ID)
        kept = self._world.message(person.id, reply["message_id"])
        if kept is None and not reply.get("allow_sending_without_reply"):
            raise ApiError(refusals.NO_REPLY_TARGET)
        if kept is None:
            return None
        return {name: value for name, value in kept.message.items() if name != "reply_to_message"}

    async def _send_chat_action(self, call: Call) -> bool:
        if call.text("action") not in _ACTIONS:
            raise ApiError(refusals.NO_ACTION)
        person = self._reached(call)
        self._world.feed.tell(person.id, {"kind": "action", "action": call.text("action")})
        return True

    async def _edit_text(self, call: Call) -> dict[str, Any]:
        fields = _text_fields("text", "entities", checked_text(call))
        person, kept = self._editable(call)
        if "text" not in kept.message:
            raise ApiError(refusals.NO_TEXT_TO_EDIT)
        preview = call.nested("link_preview_options")
        return self._edit(call, person, kept, {"entities": None, **fields, "link_preview_options": preview})

    async def _edit_caption(self, call: Call) -> dict[str, Any]:
        fields = _text_fields("caption", "caption_entities", checked_caption(call))
        person, kept = self._editable(call)
        if "text" in kept.message:
            raise ApiError(refusals.NO_CAPTION_TO_EDIT)
        return self._edit(call, person, kept, {"caption": None, "caption_entities": None, **fields})

    async def _edit_keyboard(self, call: Call) -> dict[str, Any]:
        person, kept = self._editable(call)
        return self._edit(call, person, kept, {})

    def _editable(self, call: Call) -> tuple[Person, Kept]:
        person = self._reached(call)
        kept = self._world.message(person.id, call.integer("message_id"))
        if kept is None:
            raise ApiError(refusals.NOTHING_TO_EDIT)
        if not kept.by_bot:
            raise ApiError(refusals.NOT_OURS_TO_EDIT)
        return person, kept

    def _edit(self, call: Call, person: Person, kept: Kept, fields: dict[str, Any]) -> dict[str, Any]:
        fields = {**fields, "reply_markup": checked_keyboard(call)}
        if all(kept.message.get(name) == value for name, value in fields.items()):
            raise ApiError(refusals.NOT_MODIFIED)
        with self._world.store.together():
            return self._world.edit(person, kept, fields).message

    async def _delete(self, call: Call) -> bool:
        person = self._person(call)
        kept = self._world.message(person.id, call.integer("message_id"))
        if kept is None:
            raise ApiError(refusals.NOTHING_TO_DELETE)
        if self._world.clock() - kept.message["date"] > _TWO_DAYS:
            raise ApiError(refusals.TOO_OLD_TO_DELETE)
        with self._world.store.together():
            self._world.delete(person, kept)
        return True

    async def _delete_several(self, call: Call) -> bool:
        person = self._person(call)
        numbers = {number for number in call.listed("message_ids") if isinstance(number, int)}
        found = [self._world.message(person.id, number) for number in numbers]
        with self._world.store.together():
            for kept in filter(None, found):  # Telegram skips what isn't there
                self._world.delete(person, kept)
        return True

    async def _answer_query(self, call: Call) -> bool:
        text, query_id = checked_answer(call), call.text("callback_query_id")
        store = self._world.store
        query = store.get("query", query_id)
        if query is None or self._world.clock() - query["asked_at"] > QUERY_SECONDS:
            raise ApiError(refusals.QUERY_TOO_OLD)
        answer = {"query_id": query_id, "text": text, "show_alert": call.flag("show_alert"), "url": call.text("url")}
        with store.together():
            store.remove("query", query_id)
            answer["revision"] = self._world.next_revision()
        self._world.answers[query["person_id"]].append(answer)
        self._world.feed.tell(query["person_id"], {"kind": "answer", **answer})
        return True

    async def _get_file(self, call: Call) -> dict[str, Any]:
        file = self._world.files.get(call.text("file_id"))
        if file is None:
            raise ApiError(refusals.WRONG_FILE_ID)
        return file.as_file()

    async def _get_chat(self, call: Call) -> dict[str, Any]:
        person = self._person(call)
        if not person.started:
            raise ApiError(refusals.NO_CHAT)
        return {**person.as_chat(), **_CHAT_DETAILS}


def _text_fields(text: str, entities: str, formatted: Formatted) -> dict[str, Any]:
    if not formatted.text:
        return {}
    return {text: formatted.text} | ({entities: list(formatted.entities)} if formatted.entities else {})


def _uploaded(call: Call, parameter: str) -> Upload | None:
    upload = call.file(parameter)
    if upload is not None and not upload.data:
        raise ApiError(refusals.EMPTY_FILE)
    return upload
