"""/signup, /timezone, /settings: the switch, the zone, the organisation's name."""

from dataclasses import replace

from markupsafe import Markup

from bot.cards import profile_screen
from bot.context import Context, Misspelt
from bot.handlers.profiles import shown
from bot.keyboards import Screen
from bot.messages import command, lines
from core.services import account


async def signup(context: Context, text: str) -> Screen:
    """Turn sign-up on or off, or say which it is."""
    say = context.words.say
    match text.casefold():
        case "on":
            await context.engine.write(account.switch_sign_up, context.actor_id, on=True)
            return Screen(text=say("Sign-up is on: links work within their time and limit."))
        case "off":
            await context.engine.write(account.switch_sign_up, context.actor_id, on=False)
            return Screen(text=say("Sign-up is off: no link works until you turn it on. Profiles stay as they are."))
        case "":
            progress = await context.engine.read(account.set_up, context.actor_id)
            return Screen(text=lines(_switch(context, enabled=progress.organisation.sign_up_enabled)))
    raise Misspelt


async def enable_from_card(context: Context, profile_id: int) -> Screen:
    """Turn sign-up on from a profile's card, and show the card as it is then."""
    await context.engine.write(account.switch_sign_up, context.actor_id, on=True)
    return profile_screen(context, await shown(context, profile_id), toast=context.words.say("Sign-up is on"))


async def timezone(context: Context, text: str) -> Screen:
    """Set the account's time zone, or show it."""
    if not text:
        progress = await context.engine.read(account.set_up, context.actor_id)
        return Screen(text=_zone(context, progress.organisation.zone.key))
    zone = await context.engine.write(account.change_zone, context.actor_id, text, context.now)
    there = replace(context, words=replace(context.words, zone=zone))
    note = context.words.say("Open profiles keep their moments, digests keep their time of day.")
    return Screen(text=lines(_zone(there, zone.key), note))


async def settings(context: Context, text: str) -> Screen:
    """Show the settings, or name the organisation by `name Acme`."""
    if text:
        verb, _, name = text.partition(" ")
        if verb.casefold() != "name":
            raise Misspelt
        named = await context.engine.write(account.rename, context.actor_id, name)
        return Screen(text=context.words.say("Learners see “{name}” on top of their pages now.", name=named))
    progress = await context.engine.read(account.set_up, context.actor_id)
    organisation = progress.organisation
    name = organisation.name or context.words.say("no name yet: {line}", line=command("/settings name Acme"))
    return Screen(
        text=lines(
            context.words.say("Organisation: {name}", name=name),
            _zone(context, organisation.zone.key),
            _switch(context, enabled=organisation.sign_up_enabled),
        )
    )


def _switch(context: Context, *, enabled: bool) -> Markup:
    if enabled:
        return context.words.say("Sign-up is on. {line} closes every link.", line=command("/signup off"))
    return context.words.say("Sign-up is off, so no link works. {line} opens them.", line=command("/signup on"))


def _zone(context: Context, key: str) -> Markup:
    now = context.words.moment(context.now)
    return context.words.say("Time zone: {zone}. It is {now} there.", zone=key, now=now)
