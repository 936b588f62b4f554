"""/history: who signed up through a profile."""

from markupsafe import Markup

from bot.context import Context, number
from bot.keyboards import Rows, Screen, rows, tap
from bot.messages import lines
from core.domain.naming import format_path
from core.services import history
from core.services.history import Entry, Hidden, History


async def show(context: Context, text: str) -> Screen:
    """Show the newest page of a profile's activation history."""
    return await page(context, number(text))


async def page(context: Context, profile_id: int, before: int | None = None) -> Screen:
    """Show a page of a profile's activation history, from before an activation on."""
    found = await context.read(history.page, context.actor_id, profile_id, before=before)
    title = Markup("<b>{}</b> (#{})").format(found.profile_name, profile_id)
    total = context.words.count("{number} sign-up", "{number} sign-ups", found.shown)
    entries = (lines("", _entry(context, entry)) for entry in found.entries)
    hidden = ["", *_hidden(context, found.hidden)] if found.hidden.transferred or found.hidden.elsewhere else []
    return Screen(text=lines(title, total, *entries, *hidden), rows=_buttons(context, found, before))


def _entry(context: Context, entry: Entry) -> Markup:
    say = context.words.say
    name = Markup("{} {}").format(entry.first_name, entry.last_name)
    facts: list[Markup | str] = [context.words.moment(entry.at), format_path(entry.department)]
    facts += [entry.label] if entry.label else []
    facts += [say("deleted")] if entry.deleted else []
    facts += [say("activation returned")] if entry.returned else []
    return lines(name, entry.email, Markup(" · ").join(facts))


def _hidden(context: Context, hidden: Hidden) -> list[Markup]:
    """Say how many learners are hidden and why, never who."""
    count = context.words.count
    total = hidden.transferred + hidden.elsewhere
    parts = [count("{number} learner is hidden from you:", "{number} learners are hidden from you:", total)]
    if hidden.transferred:
        parts.append(count("{number} was transferred later", "{number} were transferred later", hidden.transferred))
    if hidden.elsewhere:
        parts.append(
            count(
                "{number} signed up while the profile pointed elsewhere",
                "{number} signed up while the profile pointed elsewhere",
                hidden.elsewhere,
            )
        )
    return parts


def _buttons(context: Context, found: History, before: int | None) -> Rows:
    say, profile_id = context.words.say, found.profile_id
    turning = []
    if before is not None:
        turning.append(tap(say("« Newest"), "history", profile_id))
    if found.older_than is not None:
        turning.append(tap(say("Older ›"), "history", profile_id, found.older_than))
    return rows(turning, [tap(say("Back to the profile"), "profile", profile_id)])
