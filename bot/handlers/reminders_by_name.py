"""Whom to remind, typed after `/missing 1 remind`: addresses, phone numbers and names of people who are missing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from bot.context import Context
from bot.handlers.people_to_remind import VERB, View, ask, with_not_missing
from bot.handlers.received_lists import expectations
from bot.handlers.reminder_choosing import begin, keep, kept
from bot.handlers.reminders import to_missing
from bot.input.arguments import StaleButton, is_number
from bot.input.people_typed import people_typed
from bot.input.roster_targets import read_roster, roster_target
from bot.menu.buttons import ButtonHandler
from bot.screens.lists import LONGEST_ENTRY
from bot.screens.screen import Screen, rows, tap
from bot.wording.labels import COMMA
from bot.wording.phrases import Words
from bot.wording.reminders import not_missing
from bot.wording.text import isolate, shortened
from core.domain.addresses import told_apart
from core.domain.rosters import RosterOf
from core.services import missing_by_name, questions, rosters
from core.services.missing_by_name import Meant, MissingNamed
from core.services.questions import About

CHOSEN, TYPED = "remind-named", "remind-typed"


async def typed(context: Context, of: RosterOf, *, whom: str) -> Screen:
    """Preview reminders to the missing people whom a text names; ask who is meant by unclear names, one by one.

    If the text is empty, people are ticked.
    """
    if not whom:
        return await begin(context, roster_target(of))
    people = people_typed(whom, await expectations(context, of))
    sought = sorted(filter(None, people.known.values()))
    found = await context.read(rosters.missing_with, context.actor_id, of, sought)
    meant = await _meant(context, of, people.names)
    clear = {each.called[0].number for each in meant.values() if len(each.called) == 1}
    unclear = tuple(name for name, each in meant.items() if each.alike or len(each.called) > 1)
    others = [text for text, by in people.known.items() if by not in found]
    others += [name for name, each in meant.items() if not (each.called or each.alike)]
    view = View(
        target=roster_target(of),
        marked=tuple(sorted({*found.values(), *clear})),
        unclear=unclear,
        not_missing=tuple(sorted(others, key=whom.find)),
    )
    if not view.marked and not unclear:
        return Screen(text=not_missing(context.words, view.not_missing), rows=rows([to_missing(context, of)]))
    return await _asked(context, of, view, meant) if unclear else await _previewed(context, view)


async def once_chosen(context: Context, whom: str) -> tuple[str, int]:
    """Return the verb of a button to a roster, and under which number whom its line names is kept until it is tapped.

    Not the update's effect: it may be kept twice.
    """
    body = {"whom": whom}
    return TYPED, await context.engine.write(questions.ask, context.actor_id, About.TYPED, body, context.now)


async def roster_chosen(context: Context, data: str) -> Screen:
    """Answer the line whose roster had to be chosen, from `kept line:roster`. Raises StaleButton, QuestionClosed."""
    kept_line, _, target = data.partition(":")
    if not is_number(kept_line):
        raise StaleButton
    line = await context.read(questions.read, context.actor_id, int(kept_line), About.TYPED, context.now)
    return await typed(context, read_roster(target), whom=line["whom"])


async def chosen(context: Context, data: str) -> Screen:
    """Add one of those whom an unclear name may mean, from `kept list:number`; ask about the next, or preview them all.

    Raises StaleButton, QuestionClosed.
    """
    match data.split(":"):
        case [list_id, number] if is_number(list_id) and is_number(number):
            view = await kept(context, int(list_id))
            marked = tuple(sorted({*view.marked, int(number)}))
            return await _next(context, replace(view, marked=marked, unclear=view.unclear[1:]))
    raise StaleButton


async def _next(context: Context, view: View) -> Screen:
    """Ask who is meant by the next unclear name, or preview reminders to those who are known."""
    of = read_roster(view.target)
    meant = await _meant(context, of, {name: (name,) for name in view.unclear})
    unclear = tuple(name for name, each in meant.items() if each.called or each.alike)
    return (
        await _asked(context, of, replace(view, unclear=unclear), meant) if unclear else await _previewed(context, view)
    )


async def _meant(context: Context, of: RosterOf, names: Mapping[str, Sequence[str]]) -> Mapping[str, Meant]:
    return await context.read(missing_by_name.find, context.actor_id, of, names) if names else {}


async def _previewed(context: Context, view: View) -> Screen:
    return await ask(context, await keep(context, view), view)


async def _asked(context: Context, of: RosterOf, view: View, meant: Mapping[str, Meant]) -> Screen:
    """Ask whom the first of the unclear names means; a tap adds one of them to those whom the kept list has."""
    list_id, name = await keep(context, view), view.unclear[0]
    labels = _labels(meant[name].called or meant[name].alike)
    choosing = ([tap(label, CHOSEN, list_id, number)] for number, label in labels.items())
    ticking = tap(context.words.say("Choose whom"), VERB, list_id, "after", 0)
    question = Screen(
        text=_question(context.words, shortened(name, LONGEST_ENTRY), meant[name], labels.values()),
        rows=rows(*choosing, [ticking], [to_missing(context, of)]),
    )
    return with_not_missing(context.words, view, question)


def _question(words: Words, name: str, meant: Meant, labels: Iterable[str]) -> Markup:
    who = COMMA.join([*map(isolate, labels), *([Markup("…")] if meant.more else [])])
    if meant.called:
        return words.say("Several who are missing are called “{name}”: {who}. Whom do you mean?", name=name, who=who)
    return words.say("Nobody who is missing is called “{name}”. Did you mean {who}?", name=name, who=who)


def _labels(people: Sequence[MissingNamed]) -> dict[int, str]:
    """Return what to call people, by number: their names, with their addresses if several have the same."""
    named = Counter(each.name for each in people)
    return {each.number: _label(each, alone=named[each.name] == 1) for each in people}


def _label(person: MissingNamed, *, alone: bool) -> str:
    address = told_apart(person.email) if person.email else person.phone or ""
    parts: Iterable[str] = (person.name,) if person.name and alone else filter(None, (person.name, address))
    return shortened(", ".join(parts), LONGEST_ENTRY)


BUTTONS: Mapping[str, ButtonHandler] = {CHOSEN: chosen, TYPED: roster_chosen}
