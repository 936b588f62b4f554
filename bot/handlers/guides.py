"""A bare command asks for its parts one by one, each chosen or typed; together they are the line that is carried out.

A question keeps what a screen shows, because a button holds 64 bytes: a tap means what was shown when it was offered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.choices import A_PAGE, ADDED_BY, CHOOSERS, TYPED, Choices, Entry
from bot.input.arguments import StaleButton, card_number, split
from bot.menu.buttons import ButtonHandler, by_numbers
from bot.menu.command import Choice, Command, Part
from bot.screens.screen import LONGEST_LABEL, Rows, Screen, rows, tap, to_home
from bot.wording.text import command as copied
from bot.wording.text import isolate, lines, shortened
from core.domain.text import search_text
from core.errors import NotAllowed
from core.services import people, people_lookup, questions
from core.services.questions import About

LONGEST_SHOWN = 60  # letters of an answer
ADDRESS, COMMA = "@", ","
PEOPLE = frozenset({Choice.PERSON, Choice.PEOPLE, Choice.ADMINISTRATOR})
NUMBERED = PEOPLE | {Choice.PROFILE, Choice.RUNNING_PROFILE, Choice.PAUSED_PROFILE}


@dataclass(frozen=True, kw_only=True)
class Guide:
    """A command whose parts are being asked for: the answers so far, and how the next part's choices are looked at.

    `names` are the answers as people know them, the first `given` of which were known when it began; it began at the
    screen of the button `origin`, if any. `behind` is what follows the answers in the line, and isn't asked for.
    """

    command: Command
    answers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    given: int = 0
    origin: str = ""
    behind: tuple[str, ...] = ()
    words: str = ""
    cursor: int = 0

    @property
    def part(self) -> Part | None:
        """The part to ask for next; None if the line is complete."""
        following = self.command.asked[len(self.answers) : len(self.command.asked) - len(self.behind)]
        return following[0] if following and following[0].is_asked_after(self.answers) else None

    @property
    def known(self) -> int:
        """How many answers were known before anything was asked: what is done has another title then."""
        return int(bool(self.answers) and self.answers[0] in self.command.titles)

    @property
    def title(self) -> str:
        """What is being done."""
        return self.command.titles[self.answers[0]] if self.known else self.command.summary

    @property
    def line(self) -> str:
        """What the answers are as a line, behind the command's name."""
        return self.command.between.join((*self.answers, *self.behind))

    def with_answer(self, text: str, name: str = "") -> "Guide":
        """Add an answer, and what people call it; one with bars, as in a line, answers several parts."""
        answers = split(text) if self.command.parts else [text]
        names = [name] if name and len(answers) == 1 else answers
        return replace(self, answers=(*self.answers, *answers), names=(*self.names, *names), words="", cursor=0)


def find(context: Context, name: str) -> Command:
    """Return a command by its name. Raises StaleButton."""
    for each in context.commands:
        if isinstance(each, Command) and name in each.names:
            return each
    raise StaleButton


async def open_bare(context: Context, command: Command) -> Screen:
    """Open the screen that a command works on, as the bare command does. Raises NotAllowed."""
    if not command.is_for(context.person.permissions):
        raise NotAllowed
    if command.opens:
        return await command.opens(context, "")
    if command.form or not command.asked:
        return await command.handler(context, "")
    return await ask(context, Guide(command=command))


async def open_by_button(context: Context, arguments: str) -> Screen:
    """Open a command from a button: its name, and the answers that are known already."""
    name, *answers = arguments.split(":")
    command = find(context, name)
    if not answers:
        return await open_bare(context, command)
    if not command.is_for(context.person.permissions):
        raise NotAllowed
    return await ask(context, beginning(command, *answers))


def beginning(command: Command, *answers: str, names: Sequence[str] = (), origin: str = "", behind: str = "") -> Guide:
    """Return a guide that begins with answers which are known already."""
    return Guide(
        command=command,
        answers=answers,
        names=tuple(names) or answers,
        given=len(answers),
        origin=origin,
        behind=(behind,) if behind else (),
    )


async def ask(context: Context, guide: Guide, *above: Markup) -> Screen:
    """Ask for the next part, or carry the line out if none is missing."""
    part = guide.part
    if part is None:
        handler = guide.command.chosen or guide.command.handler
        return await handler(context, guide.line)
    found = await CHOOSERS[part.of](context, guide.words, guide.cursor) if part.of else Choices(entries=(), total=0)
    question_id = await _keep(context, guide, found)
    return Screen(
        text=lines(*above, *([""] if above else []), *_asked(context, guide, part, found)),
        rows=_rows(context, guide, part, found, question_id),
    )


async def pick(context: Context, question_id: int, place: int) -> Screen:
    """Take the entry at a place of the screen that a question keeps."""
    body = await _read(context, question_id)
    if place >= len(body["shown"]):
        raise StaleButton
    text, name = body["shown"][place]
    return await ask(context, _guide(context, body).with_answer(text, name))


async def turn(context: Context, question_id: int, cursor: int) -> Screen:
    """Show another page of what there is to choose."""
    return await ask(context, replace(_guide(context, await _read(context, question_id)), cursor=cursor))


async def back(context: Context, question_id: int) -> Screen:
    """Ask for the part before, or for all of a list that was searched."""
    guide = _guide(context, await _read(context, question_id))
    left = len(guide.answers) - (0 if guide.words else 1)
    return await ask(
        context, replace(guide, answers=guide.answers[:left], names=guide.names[:left], words="", cursor=0)
    )


async def awaited(context: Context) -> Guide | None:
    """Return what the text at hand answers: the question that this chat was asked just before; else None."""
    body = await context.read(questions.awaited, context.actor_id, about=About.PART, now=context.now, **context.place)
    return None if body is None else _guide(context, body)


async def answer(context: Context, guide: Guide, text: str) -> Screen:
    """Take a typed text for the part that was asked for: as the answer, or to search among the choices."""
    part = guide.part
    if part is None or part.of is None or part.of in TYPED or "|" in text:
        return await ask(context, guide.with_answer(text))
    if part.of in NUMBERED and (number := card_number(text)) is not None:
        return await ask(context, guide.with_answer(f"#{number}"))
    if part.of is Choice.PEOPLE and COMMA in text:
        await context.read(people_lookup.named, context.actor_id, text)
        return await ask(context, guide.with_answer(text))
    if part.of in PEOPLE and ADDRESS in text:
        user_id = await context.read(people.find, context.actor_id, text)
        return await ask(context, guide.with_answer(f"#{user_id}", text))
    words = search_text(text.replace("/", " "))
    found = await CHOOSERS[part.of](context, words, 0)
    exact = [each for each in found.entries if each.text.casefold() == text.casefold()]
    if exact or found.total == 1:
        only = (exact or found.entries)[0]
        return await ask(context, guide.with_answer(only.text, only.label))
    return await ask(context, replace(guide, words=words, cursor=0))


async def _keep(context: Context, guide: Guide, found: Choices) -> int:
    """Keep what a screen shows. Not the update's effect: if it is kept twice, the first question is never answered."""
    body = {
        **context.place,
        "command": guide.command.name,
        "answers": list(guide.answers),
        "names": list(guide.names),
        "given": guide.given,
        "origin": guide.origin,
        "behind": list(guide.behind),
        "words": guide.words,
        "shown": [[entry.text, entry.label] for entry in found.entries],
    }
    return await context.engine.write(questions.ask, context.actor_id, About.PART, body, context.now)


async def _read(context: Context, question_id: int) -> Mapping[str, Any]:
    return await context.read(questions.read, context.actor_id, question_id, About.PART, context.now)


def _guide(context: Context, body: Mapping[str, Any]) -> Guide:
    return Guide(
        command=find(context, body["command"]),
        answers=tuple(body["answers"]),
        names=tuple(body["names"]),
        given=body["given"],
        origin=body["origin"],
        behind=tuple(body["behind"]),
        words=body["words"],
    )


def _asked(context: Context, guide: Guide, part: Part, found: Choices) -> list[Markup | str]:
    """Say what is being done, what was answered, and what is asked for."""
    say = context.words.say
    named = list(zip(guide.command.asked, guide.names, strict=False))[guide.known :]
    answered = [_named(context, each, isolate(shortened(text, LONGEST_SHOWN))) for each, text in named]
    title = Markup("<b>{}</b>").format(say(guide.title))
    several = [say("For several people, type their addresses between commas.")] if part.of is Choice.PEOPLE else []
    return [title, *answered, "", *_question(context, guide, part, found), *several]


def _question(context: Context, guide: Guide, part: Part, found: Choices) -> list[Markup | str]:
    say = context.words.say
    if part.prompt:
        return [_named(context, part, say(part.prompt, **part.bounds))]
    if part.of is None:
        examples = [parts[len(guide.answers)] for parts in _examples(guide.command) if len(parts) > len(guide.answers)]
        typed = say("type it, for example {example}", example=copied(examples[0])) if examples else say("type it")
        return [_named(context, part, typed)]
    if guide.words and not found.total:
        return [say("Nothing has “{words}” in its name. Type other words.", words=guide.words)]
    if not found.total:
        return [_named(context, part, say("there is nothing to choose yet"))]
    if guide.words or found.total > A_PAGE:
        return [_named(context, part, say("tap one of {number}, or type a part of its name", number=found.total))]
    return [_named(context, part, say("tap one, or type it"))]


def _examples(command: Command) -> list[list[str]]:
    texts = [line.partition(" ")[2] for line in command.examples]
    return [split(text) if command.parts else [text] for text in texts]


def _named(context: Context, part: Part, text: Markup) -> Markup:
    name = context.words.say(part.name)
    return Markup("{}{}: {}").format(name[:1].upper(), name[1:], text)


def _rows(context: Context, guide: Guide, part: Part, found: Choices, question_id: int) -> Rows:
    buttons = [_button(entry, question_id, place) for place, entry in enumerate(found.entries)]
    a_row = 1 if len(buttons) <= A_PAGE else 2
    return rows(
        *(buttons[place : place + a_row] for place in range(0, len(buttons), a_row)),
        _turning(found, question_id),
        [] if found.total or guide.words else _adding(context, part),
        [_back(context, guide, question_id)],
    )


def _button(entry: Entry, question_id: int, place: int) -> InlineKeyboardButton:
    return tap(shortened(entry.label, LONGEST_LABEL), "pick", question_id, place)


def _turning(found: Choices, question_id: int) -> list[InlineKeyboardButton]:
    before = [] if found.before is None else [tap("‹", "pick-page", question_id, found.before)]
    after = [] if found.after is None else [tap("›", "pick-page", question_id, found.after)]
    return before + after


def _adding(context: Context, part: Part) -> list[InlineKeyboardButton]:
    """Return the button that adds what there is none of yet, for those who may."""
    name = ADDED_BY.get(part.of) if part.of else None
    if name is None or not find(context, name).is_for(context.person.permissions):
        return []
    return [tap(context.words.say("➕ Add"), "open", name, style="success")]


def _back(context: Context, guide: Guide, question_id: int) -> InlineKeyboardButton:
    say = context.words.say
    if len(guide.answers) > guide.given or guide.words:
        return tap(say("‹ Back"), "pick-back", question_id)
    return tap(say("‹ Back"), guide.origin) if guide.origin else to_home(context.words)


BUTTONS: Mapping[str, ButtonHandler] = {
    "open": open_by_button,
    "pick": by_numbers(pick, at_least=2, at_most=2),
    "pick-page": by_numbers(turn, at_least=2, at_most=2),
    "pick-back": by_numbers(back, at_most=1),
}
