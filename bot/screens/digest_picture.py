"""A digest as a picture: its new learners over time, by the profiles with the most; its caption says the same."""

import asyncio

from markupsafe import Markup

from bot.screens.lettering import written
from bot.screens.picture_themes import THEMES, label
from bot.screens.plots import days, name_of, ticks
from bot.screens.report_picture import Plot, draw
from bot.screens.screen import Attachment, Screen, Showing, rows, tap
from bot.wording.digest import caption
from bot.wording.digest_overview import days_between, hidden_in_all, parts_of_period
from bot.wording.phrases import Words
from bot.wording.reports import sign_ups, undone_too
from bot.wording.text import isolate, shortened
from core.services.digest_charts import DigestChart
from core.services.digest_summaries import Summary
from core.services.report_charts import Series

BUTTON, THEME = "digest-picture", "digest-theme"  # the buttons' verbs: draw it, choose how pictures are from now on
LONGEST_NAME = 60


async def picture(words: Words, found: DigestChart, run_id: int, *, dark: bool, private: bool) -> Screen:
    """Draw a digest; in the private chat with a button for the other theme."""
    contents = await asyncio.to_thread(draw, plot(words, found), THEMES[dark])
    other = not dark
    return Screen(
        text=caption(words, found.summary, *(_counted(words, each) for each in found.series)),
        attachment=Attachment(name="gangway-digest.png", contents=contents, showing=Showing.PICTURE),
        rows=rows([tap(label(words, dark=other), THEME, run_id, int(other))]) if private else (),
    )


def _counted(words: Words, series: Series) -> Markup:
    name = words.say("Others") if series.profile is None else isolate(shortened(series.profile.name, LONGEST_NAME))
    return Markup("{} · {}").format(words.number(sum(series.counts)), name)


def _notes(words: Words, summary: Summary) -> list[Markup]:
    """Say what the period is, and how many were undone: in its last line, for there is room for four of them."""
    parts = parts_of_period(words, summary)
    if summary.undone:
        parts[-1:] = [Markup(" · ").join([*parts[-1:], undone_too(words, summary.undone)])]
    return parts


def plot(words: Words, found: DigestChart) -> Plot:
    """Return what the picture shows."""
    first_day = found.intervals.starts[0]  # of the first digest, which has no beginning of its own
    days_of_first = days_between(words, first_day, found.summary) if found.summary.since is None else None
    notes = [*_notes(words, found.summary), days_of_first, hidden_in_all(words, found.summary)]
    return Plot(
        title=written(found.organisation or ""),
        headline=sign_ups(words, found.summary.joined).unescape(),
        notes=tuple(filter(None, (written(note.unescape()) for note in notes if note))),
        ticks=ticks(words, found.intervals),
        days=days(words, found.intervals),
        names=tuple(name_of(words, each) for each in found.series),
        stacks=tuple(each.counts for each in found.series),
    )
