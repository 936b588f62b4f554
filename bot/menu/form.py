"""What a form is: parts that are chosen by taps or typed, shown together, each answered on its own.

A command that needs parts declares one form; its line, the help, the answers to mistakes and the form in the chat read
the same parts. `bot.handlers.dialogues` runs forms.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import StaleButton
from bot.menu.choice import Choice
from bot.screens.screen import Screen, tap
from bot.wording.text import lines
from core.services.dialogues import Dialogue, Step

BUTTON = "d"  # the verb of all buttons of forms
OPEN = "form"  # the verb that opens one, by its kind
PART = "part"  # the key of what is asked that names the picker
ASK, BACK, STAY = "ask", "back", "stay"  # verbs of all forms

Notes = Sequence[Markup | str]


def below(notes: Notes, *text: Markup | str | None) -> Markup:
    """Return a text below notes, with an empty line between them."""
    return lines(*notes, "", *text) if notes else lines(*text)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A form at one turn, for the person who fills it in."""

    context: Context
    dialogue: Dialogue

    @property
    def answers(self) -> Mapping[str, Any]:
        """What has been answered so far."""
        return self.dialogue.answers

    @property
    def asked(self) -> Mapping[str, Any]:
        """The part that is being chosen, and where in its choices; empty: the form itself."""
        return self.dialogue.asked

    def button(
        self, label: Markup | str, verb: str, *arguments: object, style: str | None = None
    ) -> InlineKeyboardButton:
        """Return a button of this turn: `d:<turn>:<verb>[:<argument>]`."""
        return tap(label, BUTTON, self.dialogue.turn, verb, *arguments, style=style)

    def answered(self, **answers: object) -> Step:
        """Return the step back to the form with these answers changed."""
        return Step(answers={**self.answers, **answers})

    def asking(self, part: str, **where: object) -> Step:
        """Return the step to a place in a part's choices."""
        return Step(answers=self.answers, asked={PART: part, **where})

    def back(self) -> Step:
        """Return the step back to the form, with nothing changed."""
        return Step(answers=self.answers)

    def at(self, dialogue: Dialogue) -> "Turn":
        """Return the form as it is after a step."""
        return replace(self, dialogue=dialogue)


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a typed text changes on a form, and what is said about it."""

    step: Step
    notes: Notes = ()


Show = Callable[[Turn, Notes], Awaitable[Screen]]
Take = Callable[[Turn, str], Awaitable[Step]]
Understand = Callable[[Turn, str], Awaitable[Read]]
Finish = Callable[[Turn], Awaitable[Screen]]


@dataclass(frozen=True, kw_only=True)
class Picker:
    """The choices of a part, shown instead of the form; `read`: what typed words mean meanwhile."""

    show: Show
    read: Understand
    taps: Mapping[str, Take] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One of the parts of a line between its `|`, by the noun that names it.

    On a form it may have buttons of its own (`taps`, by their verbs) and `pickers`, by their names. A command without a
    form asks for its parts one by one:

    - `of`: what it is chosen from, if it isn't only typed.
    - `prompt` is how to type it, if an example doesn't say it; `bounds` are the numbers in it, by their names.
    - An optional part is asked for if the answers before it are such that it is `needed`.
    """

    name: str
    _: KW_ONLY
    optional: bool = False
    of: Choice | None = None
    prompt: str = ""
    bounds: Mapping[str, int] = field(default_factory=dict)
    needed: Callable[[Sequence[str]], bool] | None = None
    taps: Mapping[str, Take] = field(default_factory=dict)
    pickers: Mapping[str, Picker] = field(default_factory=dict)

    def is_asked_after(self, answers: Sequence[str]) -> bool:
        """Tell whether a person who gave these answers is asked for the part."""
        return self.needed(answers) if self.needed else not self.optional


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form; `kind` is stored, and must stay.

    - `begin` returns the step that it begins with.
    - `show` shows it whole, below notes.
    - `read` understands what is typed on it.
    - `finish` are the taps that carry it out, once: each returns what it made, as a screen.
    - `made` shows what became of it, by number.
    - `title` names it while it waits to be continued.
    - `refresh` looks at what it is about before each step; what others have changed there is told, and isn't saved
      before it was.
    """

    kind: str
    parts: tuple[Part, ...]
    begin: Callable[[Context], Awaitable[Step]]
    show: Show
    read: Understand
    finish: Mapping[str, Finish]
    made: Callable[[Context, int], Awaitable[Screen]]
    title: Callable[[Turn], Awaitable[Markup]]
    refresh: Callable[[Turn], Awaitable[Read]] | None = None

    @property
    def pickers(self) -> Mapping[str, Picker]:
        """The pickers of all parts."""
        return {name: picker for part in self.parts for name, picker in part.pickers.items()}

    @property
    def taps(self) -> Mapping[str, Take]:
        """What each verb does: those of all forms, those of the parts and of their pickers."""
        common = {ASK: self._ask, BACK: _back, STAY: _stay}
        own = {verb: take for part in self.parts for verb, take in part.taps.items()}
        return common | own | {verb: take for picker in self.pickers.values() for verb, take in picker.taps.items()}

    async def screen(self, turn: Turn, notes: Notes = ()) -> Screen:
        """Show where the form is: itself, or the choices of a part."""
        picker = self.pickers.get(str(turn.asked.get(PART, "")))
        return await (picker.show if picker else self.show)(turn, notes)

    async def understand(self, turn: Turn, text: str) -> Read:
        """Return what a typed text changes where the form is. Raises Refusal."""
        picker = self.pickers.get(str(turn.asked.get(PART, "")))
        return await (picker.read if picker else self.read)(turn, text)

    async def refreshed(self, turn: Turn) -> tuple[Turn, Notes]:
        """Return the form with what others have changed since, and what is said about that. Raises Refusal."""
        if self.refresh is None:
            return turn, ()
        read = await self.refresh(turn)
        return turn.at(replace(turn.dialogue, answers=read.step.answers)), read.notes

    async def _ask(self, turn: Turn, part: str) -> Step:
        if part not in self.pickers:
            raise StaleButton
        return turn.asking(part)


async def _back(turn: Turn, _argument: str) -> Step:
    """Go back to the beginning of a part's choices, from there to the form."""
    asked = turn.asked
    return turn.asking(str(asked[PART])) if len(asked) > 1 else turn.back()


async def _stay(turn: Turn, _argument: str) -> Step:
    return Step(answers=turn.answers, asked=turn.asked)
