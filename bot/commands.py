"""Which line and which button leads to which handler."""

from collections.abc import Awaitable, Callable, Mapping

from bot.context import Answer, Context, StaleButton, is_number
from bot.handlers import (
    account,
    approvals,
    courses,
    departments,
    digest,
    editing,
    exports,
    history,
    links,
    profiles,
    removal,
    reports,
    returns,
    start,
)
from bot.keyboards import Screen

COMMANDS: Mapping[str, Answer] = {
    "start": start.start,
    "help": start.menu,
    "menu": start.menu,
    "cancel": start.cancel,
    "signup": account.signup,
    "timezone": account.timezone,
    "settings": account.settings,
    "departments": departments.tree,
    "adddepartment": departments.add,
    "addcourse": courses.add,
    "addrule": courses.add_rule,
    "newprofile": profiles.create,
    "profiles": profiles.search,
    "profile": profiles.show,
    "editprofile": editing.change,
    "pause": profiles.pause,
    "resume": profiles.resume,
    "deleteprofile": removal.ask,
    "duplicate": links.duplicate,
    "addlink": links.add,
    "check": links.check,
    "history": history.show,
    "return": returns.ask,
    "report": reports.report,
    "digest": digest.digest,
}


async def tapped(context: Context, data: str) -> Screen:
    """Handle a button by the data it carries, which may be old or forged; or StaleButton."""
    match data.split(":", 2):
        case ["profiles", page, words] if is_number(page):
            return await profiles.page(context, int(page), words)
        case ["history", profile_id, before] if is_number(profile_id) and is_number(before):
            return await history.page(context, int(profile_id), int(before))
        case ["zone", keep, zone] if keep in account.KEEPING:
            return await account.rezone(context, zone, account.KEEPING[keep])
        case [verb, number] if verb in _BY_NUMBER and is_number(number):
            return await _BY_NUMBER[verb](context, int(number))
        case [verb, *_] if verb in _BY_DATA:
            return await _BY_DATA[verb](context, data.partition(":")[2])
    raise StaleButton


_BY_DATA: Mapping[str, Answer] = {
    "save": editing.save,
    "drop": removal.ask_again,
    "drop!": removal.delete,
    "undrop": removal.undo,
    "select": removal.select,
    "mark": removal.mark,
    "qr": links.qr,
    "relink": links.ask_to_replace,
    "relink!": links.replace,
    "check": links.check,
    "export": exports.take_out,
    "returns": returns.choose,
    "return!": returns.give_back,
    "report": reports.report,
}


_BY_NUMBER: Mapping[str, Callable[[Context, int], Awaitable[Screen]]] = {
    "profile": lambda context, profile_id: profiles.show(context, str(profile_id)),
    "pause": lambda context, profile_id: profiles.pause(context, str(profile_id)),
    "resume": lambda context, profile_id: profiles.resume(context, str(profile_id)),
    "history": history.page,
    "return": returns.ask_without_reason,
    "edit": editing.offer,
    "close": editing.close,
    "links": links.listing,
    "duplicate": links.duplicate_by_button,
    "approve": approvals.approve,
    "decline": approvals.ask_to_decline,
    "decline!": approvals.decline,
    "signup": account.enable_from_card,
}
