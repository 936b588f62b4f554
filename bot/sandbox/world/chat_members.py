"""Members of a chat as Telegram describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.world.groups import ADMINISTRATOR, CREATOR, KICKED, LEFT, MEMBER, Group

if TYPE_CHECKING:
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import World

_RIGHTS = (
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)


def chat_member(user: dict[str, Any], status: str) -> dict[str, Any]:
    """Return Telegram's ChatMember."""
    about: dict[str, Any] = {"user": user, "status": status}
    if status == KICKED:
        about["until_date"] = 0
    if status == CREATOR:
        about["is_anonymous"] = False
    if status == ADMINISTRATOR:
        about |= {"is_anonymous": False, **dict.fromkeys(_RIGHTS, True)}
    return about


def queue_member_update(
    world: World, chat: Person | Group, actor: dict[str, Any], user: dict[str, Any], *, change: tuple[str, str]
) -> None:
    """Queue a change of a member's status: the bot's own always, others if the bot is an administrator."""
    is_bot = user["id"] == world.bot["id"]
    if not is_bot and not (isinstance(chat, Group) and chat.bot_status == ADMINISTRATOR):
        return
    before, after = change
    update = {
        "chat": chat.as_chat(),
        "from": actor,
        "date": int(world.clock()),
        "old_chat_member": chat_member(user, before),
        "new_chat_member": chat_member(user, after),
    }
    world.updates.add("my_chat_member" if is_bot else "chat_member", update)


def find_chat_member(world: World, chat: Person | Group, user_id: int) -> dict[str, Any] | None:
    """Return a user as a member of a chat, None if there is no such user."""
    is_bot = user_id == world.bot["id"]
    person = world.people.get(user_id)
    if person is None and not is_bot:
        return None
    if isinstance(chat, Group):
        status = chat.bot_status if is_bot else chat.status(user_id)
    else:
        status = MEMBER if is_bot or user_id == chat.id else LEFT
    return chat_member(world.bot if person is None else person.as_user(), status)
