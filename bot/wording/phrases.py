"""Sentences in a person's language, escaped for Telegram's HTML."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.wording.keyword_lines import in_words_of
from bot.wording.text import command, isolate
from core.domain.keywords import in_language
from core.language import Language

GROUPED_FROM = 1000


@dataclass(frozen=True, kw_only=True)
class Words:
    """Sentences in one language, with moments in the account's zone. Values are escaped."""

    language: Language
    zone: ZoneInfo
    now: datetime

    def say(self, sentence: str, **values: object) -> Markup:
        """Return a sentence in the language with its `{places}` filled; numbers behind a `#` are those of cards."""
        filled = {name: self._written(sentence, name, value) for name, value in values.items()}
        return Markup(self.language.gettext(sentence)).format(**filled)  # noqa: S704 - sentences are ours, values escaped

    def count(self, one: str, many: str, number: int, **values: object) -> Markup:
        """Return the form of a sentence for a number, which is its place `{number}`."""
        chosen = Markup(self.language.ngettext(one, many, number))  # noqa: S704 - as above
        filled = {name: self._written(many, name, value) for name, value in values.items()}
        return chosen.format(number=self.number(number), **filled)

    def number(self, number: int) -> str:
        """Write how many there are, its digits in groups as the language has them: `10,000`."""
        return self.language.decimal(number) if abs(number) >= GROUPED_FROM else str(number)

    def keyword(self, word: str) -> str:
        """Return how the language writes a keyword of lines; the word itself if it is none."""
        return in_language(word, self.language.code)

    def line(self, example: str) -> Markup:
        """Write an example line with the language's keywords, ready to copy."""
        return command(in_words_of(self.language.code, example))

    def _written(self, sentence: str, name: str, value: object) -> object:
        if isinstance(value, str):
            return isolate(value)
        if isinstance(value, int) and f"#{{{name}}}" not in sentence:
            return self.number(value)
        return value

    def moment(self, at: datetime) -> str:
        """Write a moment in the account's time zone."""
        return self.language.moment(at, self.zone, now=self.now)

    @property
    def today(self) -> date:
        """The current day on the account's calendar."""
        return self.now.astimezone(self.zone).date()

    def day(self, day: date) -> str:
        """Write a day of the calendar: `24 Dec`."""
        return self.language.calendar_day(day, today=self.today)

    def weekday_of(self, day: date) -> str:
        """Write a day of the calendar with its weekday: `Thu 24 Dec`."""
        return self.language.weekday_of(day, today=self.today)

    def clock(self, at: datetime) -> Markup:
        """Write a moment with the city of the account's zone: `24 Dec 18:00 (Riga)`."""
        return Markup("{} ({})").format(self.moment(at), self.language.city(self.zone))

    def echo(self, at: datetime) -> Markup:
        """Write how a typed moment was understood, with its weekday: `Thu 24 Dec 18:00 (Riga)`."""
        return Markup("{} ({})").format(self.weekday(at), self.language.city(self.zone))

    def weekday(self, at: datetime) -> str:
        """Write a moment with its weekday: `Thu 24 Dec 18:00`."""
        return self.language.moment_with_weekday(at, self.zone, now=self.now)


def suggestions(words: Words, nearest: tuple[str, ...]) -> Markup | None:
    """Suggest similar names, ready to copy; None if there are none."""
    if not nearest:
        return None
    return words.say("Did you mean {names}?", names=Markup(", ").join(map(command, nearest)))


def repeated_times(words: Words, walls: Iterable[datetime]) -> list[Markup]:
    """Say which of two times is used, for each wall-clock time that occurs twice."""
    return [
        words.say("{time} occurs twice that night; the first one is used.", time=words.language.wall(wall))
        for wall in walls
    ]


def no_access(words: Words) -> Markup:
    """Return the fixed sentence for people without access."""
    return words.say("This chat is for invited people only. If you have a sign-up link, open it in a browser.")


def N_(sentence: str) -> str:  # noqa: N802 - the customary mark of a sentence that is translated later
    """Mark a sentence for the catalogues."""
    return sentence


def apology(words: Words, *, done: bool) -> Markup:
    """Say that something failed on our side, and whether the request was carried out."""
    if done:
        return words.say("It was done, but something went wrong on our side before we could show it. Sorry.")
    return words.say("Something went wrong on our side, sorry. Please try again in a minute.")
