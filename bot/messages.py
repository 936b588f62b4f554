"""How the chat speaks: sentences in a person's language, escaped for Telegram's HTML, and an answer to each refusal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from core import errors
from core.language import Language


@dataclass(frozen=True, kw_only=True)
class Words:
    """One language at one moment in the account's zone. Whatever is put into a sentence is escaped."""

    language: Language
    zone: ZoneInfo
    now: datetime

    def say(self, sentence: str, **values: object) -> Markup:
        """Give a sentence in the language, its `{places}` filled."""
        return Markup(self.language.gettext(sentence)).format(**values)  # noqa: S704 - sentences are ours, values escaped

    def count(self, one: str, many: str, number: int, **values: object) -> Markup:
        """Give a sentence that depends on a number, which is its place `{number}`."""
        chosen = Markup(self.language.ngettext(one, many, number))  # noqa: S704 - as above
        return chosen.format(number=number, **values)

    def moment(self, at: datetime) -> str:
        """Write a moment as the account's clock shows it."""
        return self.language.moment(at, self.zone, now=self.now)

    def clock(self, at: datetime) -> Markup:
        """Write a moment with the city of the account's zone: `24 Dec 18:00 (Riga)`."""
        return Markup("{} ({})").format(self.moment(at), self.language.city(self.zone))


def lines(*parts: Markup | str | None) -> Markup:
    """Join the lines that there are; a None is left out, an empty string is an empty line."""
    return Markup("\n").join(part for part in parts if part is not None)


def command(line: str) -> Markup:
    """Write a line that a tap copies."""
    return Markup("<code>{}</code>").format(line)


def suggestions(words: Words, nearest: tuple[str, ...]) -> Markup | None:
    """Write what may have been meant, ready to copy; None where nothing is near."""
    if not nearest:
        return None
    return words.say("Did you mean {names}?", names=Markup(", ").join(map(command, nearest)))


def refusal(words: Words, refused: errors.Refusal) -> Markup:
    """Say what is wrong and what would be right."""
    return REFUSALS[type(refused)](words, refused)


def stranger(words: Words) -> Markup:
    """Say the one sentence that people nobody has let in get, whatever they send."""
    return words.say("This chat is for invited people only. If you have a sign-up link, open it in a browser.")


def _invalid_name(words: Words, refused: errors.InvalidName) -> Markup:
    if not refused.text:
        return words.say("A name is missing.")
    if len(refused.text) > refused.longest:
        return words.count(
            "This name is too long: {number} character is the most.",
            "This name is too long: {number} characters are the most.",
            refused.longest,
        )
    return words.say(
        "“{name}” can't be a name here: names don't contain {characters}.",
        name=refused.text,
        characters=" ".join(refused.forbidden),
    )


def _unknown_department(words: Words, refused: errors.DepartmentNotFound) -> Markup:
    return lines(
        words.say("I don't know the department “{path}”.", path=refused.path),
        suggestions(words, refused.nearest)
        or words.say("/departments shows the tree, {line} adds one.", line=command("/adddepartment Sales / EMEA")),
    )


def _unknown_course(words: Words, refused: errors.CourseNotFound) -> Markup:
    return lines(
        words.say("I don't know the course “{title}”.", title=refused.title),
        suggestions(words, refused.nearest)
        or words.say("{line} adds one.", line=command("/addcourse Title | https://… | 14")),
    )


def _unknown_zone(words: Words, refused: errors.UnknownZone) -> Markup:
    return lines(
        words.say("I don't know the time zone “{name}”.", name=refused.text),
        suggestions(words, refused.nearest)
        or words.say("Write it as region and city, for example {line}.", line=command("/timezone Europe/Riga")),
    )


def _skipped(words: Words, refused: errors.TimeSkipped) -> Markup:
    return words.say(
        "{time} does not exist: the clocks change over it. The nearest times are {before} and {after}.",
        time=words.language.wall(refused.wall),
        before=command(f"{refused.before:%Y-%m-%d %H:%M}"),
        after=command(f"{refused.after:%Y-%m-%d %H:%M}"),
    )


def _time_not_understood(words: Words, refused: errors.TimeNotUnderstood) -> Markup:
    return lines(
        words.say("I can't read the time “{text}”.", text=refused.text),
        words.say(
            "Write {full}, {day}, {now}, or {relative} from the start.",
            full=command("2026-12-24 18:00"),
            day=command("2026-12-24"),
            now=command("now"),
            relative=command("+2 weeks"),
        ),
    )


def _window_not_understood(words: Words, refused: errors.WindowNotUnderstood) -> Markup:
    return lines(
        words.say("I can't read “{text}” as a start and an end.", text=refused.text),
        words.say("Put a hyphen with spaces between them: {line}", line=command("now - +2 weeks")),
    )


def _cadence_not_understood(words: Words, refused: errors.CadenceNotUnderstood) -> Markup:
    return lines(
        words.say("I can't read “{text}” as a schedule. These work:", text=refused.text),
        *map(command, ("/digest daily 18:00", "/digest weekly mon 09:00", "/digest monthly 1 09:00")),
        *map(command, ("/digest now", "/digest off")),
    )


def _fixed(sentence: str) -> Callable[[Words, Any], Markup]:
    return lambda words, _refused: words.say(sentence)


def N_(sentence: str) -> str:  # noqa: N802 - the customary mark of a sentence that is translated where it is said
    """Mark a sentence for the catalogues."""
    return sentence


REFUSALS: Mapping[type[errors.Refusal], Callable[[Words, Any], Markup]] = {
    errors.NotAllowed: _fixed(N_("You may not do that. Whoever invited you here can change what you may do.")),
    errors.OwnerExists: _fixed(N_("This account has an owner already.")),
    errors.InvalidInvitation: _fixed(N_("This invitation is used or out of date. Ask for a new one.")),
    errors.UnknownZone: _unknown_zone,
    errors.InvalidName: _invalid_name,
    errors.DepartmentExists: lambda words, refused: words.say("{path} is there already.", path=refused.path),
    errors.DepartmentNotFound: _unknown_department,
    errors.TimeNotUnderstood: _time_not_understood,
    errors.TimeSkipped: _skipped,
    errors.WindowNotUnderstood: _window_not_understood,
    errors.EndBeforeStart: lambda words, refused: words.say(
        "The end, {end}, is not after the start, {start}.",
        start=words.clock(refused.starts_at),
        end=words.clock(refused.ends_at),
    ),
    errors.EndInPast: lambda words, refused: words.say(
        "The end, {end}, is in the past: nobody could sign up.", end=words.clock(refused.ends_at)
    ),
    errors.CadenceNotUnderstood: _cadence_not_understood,
    errors.LimitNotUnderstood: lambda words, refused: words.say(
        "I can't read the limit “{text}”: write a whole number from 1 to {highest}, or {unlimited}.",
        text=refused.text,
        highest=refused.highest,
        unlimited=command("unlimited"),
    ),
    errors.ProfileNotFound: lambda words, refused: words.say(
        "You have no profile #{number}. /profiles lists yours.", number=refused.profile_id
    ),
    errors.UnknownLink: _fixed(N_("This link is not one of ours.")),
    errors.LinkClosed: _fixed(N_("This link is closed.")),
    errors.InvalidForm: _fixed(N_("Some fields are not filled in right.")),
    errors.EmailTaken: lambda words, refused: words.say("{email} has an account already.", email=refused.email),
    errors.WrongCredentials: _fixed(N_("The e-mail address, login or password is wrong.")),
    errors.AccountInactive: _fixed(N_("This account is not active.")),
    errors.CourseExists: lambda words, refused: words.say(
        "The course “{title}” is there already.", title=refused.title
    ),
    errors.CourseNotFound: _unknown_course,
    errors.InvalidCourseLink: lambda words, refused: words.say(
        "“{text}” is no web address: it starts with https:// or http://.", text=refused.text
    ),
    errors.InvalidDays: lambda words, refused: words.say(
        "“{text}” is no number of days: write a whole number from 1 to {highest}, or leave it out.",
        text=refused.text,
        highest=refused.highest,
    ),
    errors.RuleExists: lambda words, refused: words.say(
        "Whoever joins {path} gets “{title}” already.", path=refused.path, title=refused.title
    ),
    errors.NotSubscribed: _fixed(N_("You have no scheduled digest, so there is nothing to turn off.")),
}
