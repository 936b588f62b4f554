"""A profile's links: QR code, replacing, checking."""

import re
from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers.profiles import changeable, shown
from bot.input.arguments import LinkExpected, StaleButton, UsageError, is_number
from bot.input.pasted import link_and_rest
from bot.menu.buttons import ButtonHandler
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.pictures import qr_code
from bot.screens.profile_card import listed, mark, profile_screen
from bot.screens.screen import Attachment, Screen, Showing, copy, rows, tap
from bot.wording.phrases import N_, repeated_times
from bot.wording.rosters import closed, nobody_left
from bot.wording.text import isolate, lines
from core.domain.access import Permission
from core.domain.links import LinkState
from core.domain.moments import typed_form
from core.errors import PreviewOutdated, UnknownLink
from core.services import profile_links
from core.services.profile_links import Checked
from core.services.profiles import Card

TOKEN = re.compile(r"[\w-]+", re.ASCII)
SHORTEST_TOKEN = 16  # characters: a shorter text isn't the end of a link
NOW = "now"


async def qr(context: Context, data: str) -> Screen:
    """Show a profile's link as a QR code: the main one, or the one with a token."""
    profile_id, token = _profile_and_token(data)
    card = await changeable(context, profile_id)
    token = token or card.token
    label, link = _label(card, token), context.link(token)
    title = Markup("<b>{}</b>").format(isolate(card.name))
    return Screen(
        text=lines(Markup("{} · {}").format(title, isolate(label)) if label else title, link),
        attachment=Attachment(name=f"gangway-{profile_id}.png", contents=qr_code(link), showing=Showing.PICTURE),
        rows=rows([copy(context.words.say("Copy link"), link)]),
    )


async def ask_to_replace(context: Context, data: str) -> Screen:
    """Ask before a link is replaced: the main one, or the one with a token."""
    profile_id, token = _profile_and_token(data)
    say, card = context.words.say, await changeable(context, profile_id)
    token = token or card.token
    label = _label(card, token)
    question = (
        say("Replace the link “{label}” of “{name}” (#{number})?", label=label, name=card.name, number=profile_id)
        if label
        else say("Replace the link of “{name}” (#{number})?", name=card.name, number=profile_id)
    )
    consequence = say("You will get a new link. People who open the old one are told that it was replaced.")
    replacing = tap(say("Replace"), "relink!", profile_id, token, style="danger")
    return Screen(text=lines(question, consequence), rows=rows([replacing, tap(say("Cancel"), "profile", profile_id)]))


async def ask_anew(context: Context, data: str) -> Screen:
    """Show the profile with the links that it has now: the one in question is gone."""
    profile_id, _ = _profile_and_token(data)
    return profile_screen(context, await shown(context, profile_id))


async def replace(context: Context, data: str) -> Screen:
    """Replace the link of the question, once."""
    profile_id, token = _profile_and_token(data)
    label = _label(await changeable(context, profile_id), token)
    card = await context.write(
        profile_links.replace, context.actor_id, profile_id, context.now, label=label, seen=token
    )
    return profile_screen(context, card, toast=context.words.say("Link replaced"))


async def check(context: Context, text: str) -> Screen:
    """Check whether a link works, now or at a typed time, from `LINK time`."""
    if not text:
        raise UsageError
    link, time = link_and_rest(text)
    try:
        found = await context.read(profile_links.check, context.actor_id, link, time, context.now)
    except UnknownLink:
        if "/s/" in text or (len(link) >= SHORTEST_TOKEN and TOKEN.fullmatch(link)):
            raise
        raise LinkExpected(text) from None
    say, profile_id = context.words.say, found.card.profile_id
    removed = found.state is LinkState.REMOVED
    asked = bool(time) and time.casefold() != NOW
    return Screen(
        text=lines(
            Markup("{} <b>{}</b>").format(mark(found.state, found.closed_by), verdict(context, found)),
            *closed(context.words, found.closed_by),
            *nobody_left(context.words, found.closed_by),
            _moment(context, found, asked=asked),
            *repeated_times(context.words, [found.repeated] if found.repeated else []),
            "",
            isolate(found.card.name) if removed else listed(context.words, found.card),
            say("Label: {label}", label=found.label) if found.label else None,
        ),
        rows=rows(
            [tap(say("Check again"), "check", _question(context, found, asked=asked))],
            [] if removed else [tap(say("‹ Profile"), "profile", profile_id)],
        ),
    )


def verdict(context: Context, found: Checked) -> Markup:
    """Say whether the link works, and if not, why."""
    say = context.words.say
    match found.state:
        case LinkState.OPEN:
            return say("The link works.")
        case LinkState.REMOVED:
            return say("The link no longer works: its profile was deleted.")
        case LinkState.USED:
            return say("The link no longer works: it is a personal one, and was used.")
        case LinkState.WITHDRAWN:
            return say("The link no longer works: it is a personal one, and was withdrawn.")
        case LinkState.REPLACED:
            return say("The link no longer works: it was replaced by a new one.")
        case state:
            return _reason(context, state, found)


def _reason(context: Context, state: LinkState, found: Checked) -> Markup:
    """Say why a link does not work that can work again."""
    say, window = context.words.say, found.card.window
    match state:
        case LinkState.SIGN_UP_OFF:
            return say("The link does not work: sign-up is off in this account.")
        case LinkState.PAUSED:
            return say("The link does not work: its profile is paused.")
        case LinkState.NOT_YET_OPEN if window.starts_at <= context.now:
            return say(
                "The link did not work then: it did not open until {start}.",
                start=context.words.clock(window.starts_at),
            )
        case LinkState.NOT_YET_OPEN if found.instant != context.now:
            return say(
                "The link will not work then: it does not open until {start}.",
                start=context.words.clock(window.starts_at),
            )
        case LinkState.NOT_YET_OPEN:
            return say("The link does not work yet: it opens {start}.", start=context.words.clock(window.starts_at))
        case LinkState.ENDED:
            return say("The link does not work: it is only open until {end}.", end=context.words.clock(window.ends_at))
        case _:
            return say("The link does not work: no places are left.")


def _question(context: Context, found: Checked, *, asked: bool) -> str:
    """Write a check in the form in which it is typed: a link, and the moment if it wasn't now."""
    return f"{found.token} {typed_form(found.instant, context.words.zone)}" if asked else found.token


def _moment(context: Context, found: Checked, *, asked: bool) -> Markup:
    """Say which moment was checked; for a future one, that the number of places can still change."""
    say, moment = context.words.say, context.words.echo(found.instant)
    if not asked or found.instant <= context.now:
        return say("Checked for {moment}", moment=moment)
    return say("Checked for {moment}, if nothing changes before then", moment=moment)


def _profile_and_token(data: str) -> tuple[int, str]:
    """Read `profile:token` or a profile alone; StaleButton if it is neither."""
    profile_id, _, token = data.partition(":")
    if not is_number(profile_id):
        raise StaleButton
    return int(profile_id), token


def _label(card: Card, token: str) -> str:
    """Return the label of a link, empty for the main one. Raises PreviewOutdated if the link is gone."""
    by_token = {card.token: ""} | {share.token: share.label for share in card.shares}
    if not token or token not in by_token:
        raise PreviewOutdated
    return by_token[token]


COMMANDS = (
    Command(
        name="check",
        handler=check,
        summary=N_("Check whether a link works, now or at a given time"),
        examples=("/check https://example.org/s/Yp3", "/check https://example.org/s/Yp3 2026-12-24 18:00"),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        rank=1,
        guided=(Part(N_("link"), of=Choice.LINK),),
        between=" ",
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "qr": qr,
    "relink": ask_to_replace,
    "relink!": replace,
    "check": check,
}
