"""Telegram's error messages, to the letter; those about the sandbox's own limits say so."""

from __future__ import annotations

UNAUTHORIZED = "Unauthorized"
NOT_FOUND = "Not Found"
SERVER_ERROR = "Internal Server Error"
TOO_LARGE = "Request Entity Too Large"
OTHER_GET_UPDATES = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
POLL_ENDED_BY_WEBHOOK = "Conflict: terminated by setWebhook request"
SECRET_TOO_LONG = "Bad Request: secret token is too long"  # noqa: S105 - Telegram's words
SECRET_CHARACTERS = "Bad Request: secret token contains unallowed characters"  # noqa: S105
CHAT_NOT_STARTED = "Forbidden: bot can't initiate conversation with a user"
BLOCKED = "Forbidden: bot was blocked by the user"
CHAT_NOT_FOUND = "Bad Request: chat not found"
MIGRATED = "Bad Request: group chat was upgraded to a supergroup chat"
THREAD_NOT_FOUND = "Bad Request: message thread not found"
TOPIC_CLOSED = "Bad Request: TOPIC_CLOSED"
MEMBER_NOT_FOUND = "Bad Request: PARTICIPANT_ID_INVALID"
NO_ADMINISTRATORS = "Bad Request: there are no administrators in the private chat"
CANNOT_LEAVE_PRIVATE_CHAT = "Bad Request: chat member status can't be changed in private chats"
NO_TEXT = "Bad Request: message text is empty"
TEXT_TOO_LONG = "Bad Request: message is too long"
CAPTION_TOO_LONG = "Bad Request: message caption is too long"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
MESSAGE_TO_EDIT_NOT_FOUND = "Bad Request: message to edit not found"
MESSAGE_TO_DELETE_NOT_FOUND = "Bad Request: message to delete not found"
TOO_OLD_TO_DELETE = "Bad Request: message can't be deleted for everyone"
CANNOT_DELETE = "Bad Request: message can't be deleted"
INLINE_MESSAGE_NOT_FOUND = "Bad Request: MESSAGE_ID_INVALID"
CANNOT_PIN = "Bad Request: not enough rights to manage pinned messages in the chat"
MESSAGE_TO_PIN_NOT_FOUND = "Bad Request: message to pin not found"
MESSAGE_TO_UNPIN_NOT_FOUND = "Bad Request: message to unpin not found"
CANNOT_EDIT = "Bad Request: message can't be edited"
NO_TEXT_TO_EDIT = "Bad Request: there is no text in the message to edit"
NO_CAPTION_TO_EDIT = "Bad Request: there is no caption in the message to edit"
REPLY_ID_MISSING = 'Bad Request: can\'t find field "message_id"'
REPLY_TARGET_NOT_FOUND = "Bad Request: message to be replied not found"
QUERY_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
ANSWER_TOO_LONG = "Bad Request: MESSAGE_TOO_LONG"
ANSWER_URL_INVALID = "Bad Request: URL_INVALID"
RESULTS_TOO_MANY = "Bad Request: RESULTS_TOO_MUCH"
RESULT_ID_DUPLICATE = "Bad Request: RESULT_ID_DUPLICATE"
RESULT_ID_INVALID = "Bad Request: RESULT_ID_INVALID"
RESULT_NOT_SUPPORTED = "Bad Request: the sandbox supports only articles with a text"
RESULT_NO_TITLE = "Bad Request: ARTICLE_TITLE_EMPTY"
RESULTS_BUTTON_INVALID = "Bad Request: exactly one of web_app and start_parameter must be specified for the button"
START_PARAMETER = "Bad Request: START_PARAM_INVALID"
NEXT_OFFSET_INVALID = "Bad Request: NEXT_OFFSET_INVALID"
LANGUAGE_INVALID = "Bad Request: invalid language code specified"
ACTION_INVALID = "Bad Request: wrong parameter action in request"
EMPTY_FILE = "Bad Request: file must be non-empty"
NOT_AN_IMAGE = "Bad Request: IMAGE_PROCESS_FAILED"
DIMENSIONS_INVALID = "Bad Request: PHOTO_INVALID_DIMENSIONS"
FILE_ID_INVALID = "Bad Request: wrong file_id or the file is temporarily unavailable"
URL_UPLOAD_FAILED = "Bad Request: failed to get HTTP URL content"
PARSE_MODE_NOT_SUPPORTED = "Bad Request: unsupported parse_mode"
MARKUP_NOT_OBJECT = "Bad Request: object expected as reply markup"
MARKUP_NOT_SUPPORTED = "Bad Request: the sandbox supports only inline keyboards"
BUTTON_NO_ACTION = "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
BUTTON_TWO_ACTIONS = "Bad Request: can't parse inline keyboard button: exactly one kind of action must be specified"
BUTTON_EMPTY = "Bad Request: inline keyboard button text must be non-empty"
BUTTON_DATA = "Bad Request: BUTTON_DATA_INVALID"
BUTTON_COPY_TEXT = "Bad Request: BUTTON_COPY_TEXT_INVALID"
BUTTON_STYLE = "Bad Request: can't parse inline keyboard button: invalid button style specified"
KEYBOARD_TOO_LARGE = "Bad Request: reply markup is too long"
COMMAND_INVALID = "Bad Request: BOT_COMMAND_INVALID"
COMMAND_NO_DESCRIPTION = "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"
COMMANDS_TOO_MANY = "Bad Request: BOT_COMMANDS_TOO_MUCH"

_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "user_id": "invalid user_id specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
}
_TYPES = {"InlineKeyboardButton": "can't parse inline keyboard button: ", "InlineKeyboardMarkup": ""}


def bad_webhook(reason: str) -> str:
    """Return the error of a URL that can't be a webhook."""
    return f"Bad Request: bad webhook: {reason}"


def kicked(kind: str) -> str:
    """Return the error of a group that banned the bot."""
    return f"Forbidden: bot was kicked from the {kind} chat"


def not_a_member(kind: str) -> str:
    """Return the error of a group that the bot is no longer in."""
    return f"Forbidden: bot is not a member of the {kind} chat"


def missing_parameter(parameter: str) -> str:
    """Return the error of a missing parameter."""
    named = f'parameter "{parameter}" is required'
    return f"Bad Request: {_MISSING.get(parameter, named)}"


def invalid_object(kind: str, words: str) -> str:
    """Return the error of an object that doesn't match its type."""
    prefix = _TYPES.get(kind, f"can't parse {kind}: ")
    return f"Bad Request: {prefix}{words if prefix else words[0].lower() + words[1:]}"


def invalid_item(kind: str) -> str:
    """Return the error of an array item that isn't of its simple type."""
    return f"Bad Request: expected an Array of {kind}"


def not_supported(method: str) -> str:
    """Return the error of a call that Telegram supports and the sandbox doesn't."""
    return f"Bad Request: the sandbox doesn't support {method}"


def invalid_parameter(parameter: str) -> str:
    """Return the error of a parameter that can't be read as its type."""
    return f"Bad Request: can't parse parameter {parameter}"


def invalid_entities(reason: str) -> str:
    """Return the error of a text with invalid markup."""
    return f"Bad Request: can't parse entities: {reason}"


def invalid_button_url(url: str, reason: str) -> str:
    """Return the error of a button's URL."""
    return f"Bad Request: inline keyboard button URL '{url}' is invalid: {reason}"


def invalid_web_app_url(url: str, reason: str) -> str:
    """Return the error of the URL of a button's Mini App."""
    return f"Bad Request: inline keyboard button Web App URL '{url}' is invalid: {reason}"


def photo_too_big(size: int, limit: int) -> str:
    """Return the error of a picture that is too large for a photo."""
    return f"Bad Request: file of size {size} bytes is too big for a photo; the maximum size is {limit} bytes"
