"""Whom to remind, typed after `/missing 1 remind`: addresses, phone numbers and names of people who are missing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from bot.context import Context
from bot.handlers.people_to_remind import VERB, View, whom_of
from bot.handlers.received_lists import expectations
from bot.handlers.reminder_choosing import begin, keep
from bot.handlers.reminders import to_missing
from bot.input.people_typed import pieces_of
from bot.input.roster_targets import roster_target
from bot.screens.lists import LONGEST_ENTRY
from bot.screens.screen import Screen, rows, tap
from bot.wording.labels import COMMA
from bot.wording.phrases import Words
from bot.wording.text import isolate, lines, shortened
from core.domain.addresses import told_apart
from core.domain.rosters import RosterOf
from core.services import missing_by_name, rosters
from core.services.missing_by_name import SHOWN, Meant, MissingNamed

NAMED = 5  # of typed pieces that name nobody missing


async def typed(context: Context, of: RosterOf, *, whom: str) -> Screen:
    """Preview reminders to the missing people whom a text names; ask who is meant by an unclear name.

    If the text is empty, people are ticked.
    """
    if not whom:
        return await begin(context, roster_target(of))
    pieces = pieces_of(whom, await expectations(context, of))
    sought = sorted({known_by for known_by in pieces.values() if known_by})
    found = await context.read(rosters.missing_with, context.actor_id, of, sought)
    names = [piece for piece, known_by in pieces.items() if not known_by]
    meant = await context.read(missing_by_name.find, context.actor_id, of, names) if names else {}
    clear = {piece: each.called[0].number for piece, each in meant.items() if len(each.called) == 1}
    unclear = {piece: each for piece, each in meant.items() if each.alike or len(each.called) > 1}
    others = [piece for piece, by in pieces.items() if by not in found and piece not in clear and piece not in unclear]
    view = View(target=roster_target(of), marked=tuple(sorted({*found.values(), *clear.values()})))
    return await _answered(context, of, view, unclear, [_not_missing(context.words, others)] if others else [])


async def _answered(
    context: Context, of: RosterOf, view: View, unclear: Mapping[str, Meant], note: Sequence[Markup]
) -> Screen:
    if not unclear and not view.marked:
        return Screen(text=lines(*note), rows=rows([to_missing(context, of)]))
    list_id = await keep(context, view)
    if unclear:
        return _asked(context, of, list_id, unclear, note)
    asked = await whom_of(view).ask(context, list_id, view.marked)
    return replace(asked, text=lines(asked.text, *note))


def _asked(
    context: Context, of: RosterOf, list_id: int, unclear: Mapping[str, Meant], note: Sequence[Markup]
) -> Screen:
    """Ask whom unclear names mean; a tap adds one of them to those whom the kept list has, and previews these."""
    possible = {person.number: person for meant in unclear.values() for person in (*meant.called, *meant.alike)}
    labels = _labels(list(possible.values())[:SHOWN])
    choosing = ([tap(label, VERB, list_id, "with", number)] for number, label in labels.items())
    ticking = tap(context.words.say("Choose whom"), VERB, list_id, "after", 0)
    said = [_question(context.words, piece, meant) for piece, meant in unclear.items()]
    return Screen(text=lines(*said, *note), rows=rows(*choosing, [ticking], [to_missing(context, of)]))


def _question(words: Words, piece: str, meant: Meant) -> Markup:
    name = shortened(piece, LONGEST_ENTRY)
    who = COMMA.join(map(isolate, _labels(meant.called or meant.alike).values()))
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


def _not_missing(words: Words, pieces: Sequence[str]) -> Markup:
    named = [isolate(shortened(piece, LONGEST_ENTRY)) for piece in pieces[:NAMED]]
    more = [Markup("…")] if len(pieces) > NAMED else []
    return words.say("Not among the missing: {who}", who=COMMA.join([*named, *more]))
