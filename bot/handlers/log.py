"""/log: who did what and when."""

from markupsafe import Markup

from bot.context import Context
from bot.keyboards import Screen, rows, tap
from bot.messages import lines
from bot.paging import page_of
from bot.record_text import entry
from core.services import audit

NEWEST = 0  # as a button carries it


async def show(context: Context, _text: str) -> Screen:
    """Show the newest page of the record."""
    return await page(context, NEWEST)


async def page(context: Context, before: int) -> Screen:
    """Show a page of the record, from before an entry on; as many entries as fit into a message."""
    found, say = await context.read(audit.page, context.actor_id, before=before or None), context.words.say
    if not found.entries:
        return Screen(text=say("Nothing is recorded yet of what you may see."))
    written = [entry(context.words, each) for each in found.entries]
    shown = page_of(written, 0, most=len(written)).places
    more = found.older_than is not None or len(shown) < len(written)
    parts = (part for place in shown for part in ("", written[place]))
    return Screen(
        text=lines(Markup("<b>{}</b>").format(say("Who did what")), *parts),
        rows=rows(
            [
                tap(say("« Newest"), "log", NEWEST) if before else None,
                tap(say("Older ›"), "log", found.entries[shown[-1]].number) if more else None,
            ]
        ),
    )
