"""/settings: the organisation's name and the sign-up policies."""

from collections.abc import Awaitable, Callable, Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers.account import switch_line, zone_line
from bot.input.arguments import ValueExpected
from bot.screens.screen import Screen
from bot.wording.text import command, lines
from core.domain.access import Permission
from core.domain.naming import nearest
from core.errors import WordNotUnderstood
from core.services import account, pending_sign_ups, policies
from core.services.policies import Policies

SHOWN_OF_A_POLICY = 300
CAN_MAIL = False  # until there is a mailer, what needs one is refused


async def settings(context: Context, text: str) -> Screen:
    """Show the settings, or change the one that the first word names."""
    if not text:
        return await _all(context)
    name, _, value = text.partition(" ")
    if name.casefold() not in _CHANGES:
        raise WordNotUnderstood(name, nearest(name, _CHANGES), tuple(_CHANGES))
    if not value.strip():
        raise ValueExpected(name.casefold())
    return Screen(text=await _CHANGES[name.casefold()](context, value.strip()))


async def _name(context: Context, value: str) -> Markup:
    named = await context.write(account.rename, context.actor_id, value, context.now)
    return context.words.say("Learners see “{name}” on top of their pages now.", name=named)


async def _passwords(context: Context, value: str) -> Markup:
    strong = _either(value, "strong", "any")
    await context.write(policies.require_strong_passwords, context.actor_id, context.now, on=strong)
    return _passwords_line(context, strong=strong)


async def _domains(context: Context, value: str) -> Markup:
    wanted = [] if value.casefold() == "any" else value.replace(",", " ").split()
    allowed = await context.write(policies.allow_domains, context.actor_id, wanted, context.now)
    return _domains_line(context, allowed)


async def _confirmation(context: Context, value: str) -> Markup:
    on = _either(value, "on", "off")
    await context.write(policies.require_confirmation, context.actor_id, context.now, on=on, can_mail=CAN_MAIL)
    return _confirmation_line(context, on=on)


async def _approval(context: Context, value: str) -> Markup:
    on = _either(value, "on", "off")
    await context.write(policies.require_approval, context.actor_id, context.now, on=on)
    return _approval_line(context, on=on, waiting=await _waiting(context))


async def _seats(context: Context, value: str) -> Markup:
    await context.write(policies.limit_seats, context.actor_id, value, context.now)
    return _seats_line(context, await context.read(policies.policies, context.actor_id))


async def _privacy(context: Context, value: str) -> Markup:
    text = "" if value.casefold() == "off" else value
    version = await context.write(policies.publish_privacy_policy, context.actor_id, text, context.now)
    return _privacy_line(context, text or None, version)


_CHANGES: Mapping[str, Callable[[Context, str], Awaitable[Markup]]] = {
    "name": _name,
    "passwords": _passwords,
    "domains": _domains,
    "confirmation": _confirmation,
    "approval": _approval,
    "seats": _seats,
    "privacy": _privacy,
}


async def _all(context: Context) -> Screen:
    organisation = (await context.read(account.set_up, context.actor_id)).organisation
    known, waiting = await context.read(policies.policies, context.actor_id), await _waiting(context)
    say = context.words.say
    name = organisation.name or say("no name yet: {line}", line=command("/settings name Acme"))
    return Screen(
        text=lines(
            say("Organisation: {name}", name=name),
            zone_line(context, organisation.zone.key),
            switch_line(context, enabled=organisation.sign_up_enabled),
            *(part for line in _policies(context, known, waiting) for part in ("", line)),
        )
    )


async def _waiting(context: Context) -> int:
    """Count those whom the person may let in; none where that is not theirs to do."""
    if Permission.MANAGE_PROFILES not in context.person.permissions:
        return 0
    return (await context.read(pending_sign_ups.listing, context.actor_id, "", context.now)).total


def _policies(context: Context, known: Policies, waiting: int) -> list[Markup]:
    return [
        _passwords_line(context, strong=known.strong_passwords),
        _domains_line(context, known.email_domains),
        _confirmation_line(context, on=known.email_confirmation),
        _approval_line(context, on=known.approval, waiting=waiting),
        _seats_line(context, known),
        _privacy_line(context, known.privacy_policy, known.privacy_version),
    ]


def _passwords_line(context: Context, *, strong: bool) -> Markup:
    say = context.words.say
    if strong:
        return lines(say("Passwords that are easy to guess are refused."), command("/settings passwords any"))
    return lines(say("Passwords: any of 8 characters or more."), command("/settings passwords strong"))


def _domains_line(context: Context, domains: tuple[str, ...]) -> Markup:
    say = context.words.say
    if domains:
        named = ", ".join(domains)
        return lines(say("Only these e-mail domains sign up: {names}", names=named), command("/settings domains any"))
    return lines(say("E-mail addresses of any domain sign up."), command("/settings domains example.com, example.org"))


def _confirmation_line(context: Context, *, on: bool) -> Markup:
    say = context.words.say
    if on:
        return lines(say("Newcomers confirm their e-mail address first."), command("/settings confirmation off"))
    return lines(say("Newcomers need not confirm their e-mail address."), command("/settings confirmation on"))


def _approval_line(context: Context, *, on: bool, waiting: int) -> Markup:
    say, count = context.words.say, context.words.count
    still = count("{number} person still waits: /waiting", "{number} people still wait: /waiting", waiting)
    return lines(
        say("Newcomers wait until somebody lets them in.") if on else say("Newcomers are let in at once."),
        still if waiting else None,
        command("/settings approval off") if on else command("/settings approval on"),
    )


def _seats_line(context: Context, known: Policies) -> Markup:
    say, count = context.words.say, context.words.count
    if known.seats is None:
        return lines(say("Seats: unlimited."), command("/settings seats 500"))
    return lines(
        count("{number} active user at most.", "{number} active users at most.", known.seats),
        count("{number} is active now.", "{number} are active now.", known.active),
        say("Whoever is active stays so; newcomers are not active until you free a seat and activate them.")
        if known.active >= known.seats
        else None,
        command("/settings seats unlimited"),
    )


def _privacy_line(context: Context, policy: str | None, version: int) -> Markup:
    say = context.words.say
    if policy is None:
        return lines(say("No privacy policy: nobody is asked for consent."), command("/settings privacy TEXT"))
    shown = policy if len(policy) <= SHOWN_OF_A_POLICY else f"{policy[:SHOWN_OF_A_POLICY]}…"
    return lines(
        say("Newcomers agree to the privacy policy, version {version}:", version=version),
        shown,
        command("/settings privacy off"),
    )


def _either(value: str, yes: str, no: str) -> bool:
    """Read one of two words; WordNotUnderstood where it is neither."""
    if value.casefold() not in (yes, no):
        raise WordNotUnderstood(value, nearest(value, (yes, no)), (yes, no))
    return value.casefold() == yes
