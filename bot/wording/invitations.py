"""For what one is asked to sign up, in words for outsiders: a profile's own name is for those who manage it."""

from markupsafe import Markup

from bot.wording.phrases import Words
from core.domain.links import LinkState
from core.domain.windows import Window


def please(words: Words, department: str | None, organisation: str | None) -> Markup:
    """Ask to sign up, as the link's page names it; None: it has no name."""
    match department, organisation:
        case None, None:
            return words.say("Please sign up here")
        case None, _:
            return words.say("Please sign up at {organisation}", organisation=organisation)
        case _, None:
            return words.say("Please sign up for {department}", department=department)
        case _:
            return words.say(
                "Please sign up for {department} at {organisation}", department=department, organisation=organisation
            )


def invites(words: Words, sender: str, department: str | None, organisation: str | None) -> Markup:
    """Say who invites to sign up, and for what."""
    say = words.say
    match department, organisation:
        case None, None:
            return say("{sender} invites you to sign up.", sender=sender)
        case None, _:
            return say("{sender} invites you to sign up at {organisation}.", sender=sender, organisation=organisation)
        case _, None:
            return say("{sender} invites you to sign up for {department}.", sender=sender, department=department)
        case _:
            return say(
                "{sender} invites you to sign up for {department} at {organisation}.",
                sender=sender,
                department=department,
                organisation=organisation,
            )


def expects(words: Words, sender: str, department: str | None, organisation: str | None) -> Markup:
    """Say who expects a person that hasn't signed up, and where."""
    say = words.say
    match department, organisation:
        case None, None:
            return say("{sender} expects you. You haven't signed up yet.", sender=sender)
        case None, _:
            return say(
                "{sender} expects you at {organisation}. You haven't signed up yet.",
                sender=sender,
                organisation=organisation,
            )
        case _, None:
            return say(
                "{sender} expects you in {department}. You haven't signed up yet.",
                sender=sender,
                department=department,
            )
        case _:
            return say(
                "{sender} expects you in {department} at {organisation}. You haven't signed up yet.",
                sender=sender,
                department=department,
                organisation=organisation,
            )


def open_when(words: Words, state: LinkState, window: Window) -> Markup | None:
    """Say when a link works that works now or later without a decision."""
    city = words.language.city(words.zone)
    starts, ends = (
        words.language.full_moment(at, words.zone, now=words.now) for at in (window.starts_at, window.ends_at)
    )
    match state:
        case LinkState.OPEN:
            return words.say("Open until {moment} ({city})", moment=ends, city=city)
        case LinkState.NOT_YET_OPEN:
            return words.say("Open from {start} to {end} ({city})", start=starts, end=ends, city=city)
        case _:
            return None
