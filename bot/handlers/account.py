"""/signup, /timezone: the sign-up switch and the time zone."""

from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup

from bot.context import Context
from bot.handlers import guides
from bot.handlers.guides import Guide
from bot.handlers.profiles import shown
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.profile_card import profile_screen
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording import refusals
from bot.wording import time_zone as wording
from bot.wording.lists import more
from bot.wording.phrases import N_, Words
from bot.wording.text import isolate, lines
from core.domain.access import Permission
from core.domain.keywords import SWITCH, find_keyword
from core.domain.naming import not_understood
from core.domain.windows import Window
from core.errors import ZoneNotPlace
from core.services import account, time_zone
from core.services.time_zone import Effect, Keep, ZonePreview

KEEPING = {"m": Keep.MOMENTS, "w": Keep.WALL_CLOCK}
MOST_SHOWN = 3  # with the text around them they are within a phone
BUTTONS_A_ROW = 2  # names of zones are long
CITY = N_("tap your city, or type the nearest large one")


async def signup(context: Context, text: str) -> Screen:
    """Turn sign-up on or off, or show whether it is on."""
    say = context.words.say
    match find_keyword(text, SWITCH):
        case "on":
            await context.write(account.switch_sign_up, context.actor_id, context.now, on=True)
            return Screen(text=say("Sign-up is on: links work within their time and limit."))
        case "off":
            await context.write(account.switch_sign_up, context.actor_id, context.now, on=False)
            return Screen(text=say("Sign-up is off: no link works until you turn it on. Profiles stay as they are."))
    if text:
        raise not_understood(text, SWITCH)
    progress = await context.read(account.set_up, context.actor_id)
    return _switch(context, on=progress.organisation.sign_up_enabled)


async def enable_from_card(context: Context, profile_id: int) -> Screen:
    """Turn sign-up on from a profile's card, and show the new card."""
    await context.write(account.switch_sign_up, context.actor_id, context.now, on=True)
    return profile_screen(context, await shown(context, profile_id), toast=context.words.say("Sign-up is on"))


async def timezone(context: Context, text: str) -> Screen:
    """Set the account's time zone, or show it."""
    if not text:
        progress = await context.read(account.set_up, context.actor_id)
        return Screen(text=zone_line(context, progress.organisation.zone.key))
    try:
        seen = await context.read(time_zone.preview, context.actor_id, text, context.now)
    except ZoneNotPlace as refused:
        return _offered(context, refused)
    if seen.effects and seen.before != seen.after:
        return _asked(context, seen)
    return await rezone(context, seen.after.key, Keep.MOMENTS)


async def offer_zones(context: Context, _text: str) -> Screen:
    """Show the account's time zone, and offer those of the person's language."""
    progress = await context.read(account.set_up, context.actor_id)
    shown_zone = zone_line(context, progress.organisation.zone.key)
    return await guides.ask(context, Guide(command=guides.find(context, "timezone")), shown_zone)


async def rezone(context: Context, key: str, keep: Keep, seen: str | None = None) -> Screen:
    """Change the zone; open profiles keep their moments or their clock times, as the question showed."""
    done = await context.write(time_zone.change, context.actor_id, key, keep, context.now, seen=seen)
    there = replace(context, words=replace(context.words, zone=done.zone))
    say = context.words.say
    note = (
        say("Open profiles keep their moments, digests keep their time of day.")
        if keep is Keep.MOMENTS
        else say("Open profiles and digests keep their time of day.")
    )
    following = (wording.moved(there.words, done.reminders), wording.next_digest(there.words, done))
    return Screen(text=lines(zone_line(there, done.zone.key), note, *following))


async def rezone_tapped(context: Context, arguments: str) -> Screen:
    """Change the zone from a button's data: what to keep, the zone, and the fingerprint of what was shown."""
    match arguments.split(":"):
        case [keep, key, seen] if keep in KEEPING:
            return await rezone(context, key, KEEPING[keep], seen)
    raise StaleButton


async def ask_anew(context: Context, arguments: str) -> Screen:
    """Ask what to keep as it would be asked now, from the data of `rezone_tapped`; show the zone if nothing depends."""
    _, key, _ = arguments.split(":")
    seen = await context.read(time_zone.preview, context.actor_id, key, context.now)
    if seen.effects and seen.before != seen.after:
        return _asked(context, seen)
    return await timezone(context, "")


def _switch(context: Context, *, on: bool) -> Screen:
    """Show whether sign-up is on, with a button that changes it."""
    say = context.words.say
    turning = (
        tap(say("Turn sign-up off"), "open", "signup", "off", style="danger")
        if on
        else tap(say("Turn sign-up on"), "open", "signup", "on", style="success")
    )
    return Screen(text=switch_line(context, enabled=on), rows=rows([turning], [to_home(context.words)]))


def _offered(context: Context, refused: ZoneNotPlace) -> Screen:
    """Offer places instead of a distance from UTC or an abbreviation; choosing one previews it like a typed one."""
    names = [name for _, places in refused.offers for name in places]
    buttons = [tap(name, "timezone", name) for name in names]
    return Screen(
        text=refusals.refusal(context.words, refused),
        rows=rows(*(buttons[place : place + BUTTONS_A_ROW] for place in range(0, len(buttons), BUTTONS_A_ROW))),
    )


def _asked(context: Context, seen: ZonePreview) -> Screen:
    """Show how another zone would change the open profiles, and ask what to keep."""
    say = context.words.say
    return Screen(
        text=lines(
            say("In {zone}, the profiles that have not ended would run:", zone=seen.after.key),
            *(lines("", _effect(context, seen, effect)) for effect in seen.effects[:MOST_SHOWN]),
            *more(context.words, len(seen.effects) - MOST_SHOWN),
            "",
            wording.moved(replace(context.words, zone=seen.after), seen.reminders),
            say("What should stay the same? Nothing has changed yet."),
        ),
        rows=rows(
            [tap(say("Keep the moments"), "zone", "m", seen.after.key, seen.seen)],
            [tap(say("Keep the clock times"), "zone", "w", seen.after.key, seen.seen)],
            [tap(say("Cancel"), "timezone", "")],
        ),
    )


def _effect(context: Context, seen: ZonePreview, effect: Effect) -> Markup:
    say = context.words.say
    there = replace(context.words, zone=seen.after)
    changes = effect.state is not effect.state_if_shifted
    return lines(
        Markup("<b>{}</b> (#{})").format(isolate(effect.name), effect.profile_id),
        say("with its moments: {start} – {end}", **_ends(there, effect.window)),
        say("with its clock times: {start} – {end}", **_ends(there, effect.shifted)),
        say("Keeping its clock times would change whether the link works now.") if changes else None,
    )


def _ends(words: Words, window: Window) -> dict[str, str]:
    return {"start": words.moment(window.starts_at), "end": words.moment(window.ends_at)}


def switch_line(context: Context, *, enabled: bool) -> Markup:
    """Say whether sign-up is on, and how to change that."""
    if enabled:
        return context.words.say("Sign-up is on. {line} closes every link.", line=context.words.line("/signup off"))
    return context.words.say(
        "Sign-up is off, so no link works. {line} opens them.", line=context.words.line("/signup on")
    )


def zone_line(context: Context, key: str) -> Markup:
    """Show the account's zone and the current time in it."""
    now = context.words.moment(context.now)
    return context.words.say("Time zone: {zone}. It is {now} there.", zone=key, now=now)


COMMANDS = (
    Command(
        name="signup",
        handler=signup,
        summary=N_("Turn all links on or off"),
        examples=("/signup on", "/signup off"),
        permission=Permission.MANAGE_ACCOUNT,
        subject=Subject.ACCOUNT,
    ),
    Command(
        name="timezone",
        handler=timezone,
        summary=N_("Set the time zone in which times are typed and shown"),
        examples=("/timezone Europe/Riga",),
        permission=Permission.MANAGE_ACCOUNT,
        subject=Subject.ACCOUNT,
        guided=(Part(N_("time zone"), of=Choice.ZONE, prompt=CITY),),
        opens=offer_zones,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "timezone": timezone,
    "zone": rezone_tapped,
    "signup": by_number(enable_from_card),
}
