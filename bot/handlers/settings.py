"""/settings: the organisation's name, the sign-up policies and the learners' pages, each with a button."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import guides, logos, page_settings
from bot.handlers.account import zone_line
from bot.handlers.logos import LOGO
from bot.handlers.page_settings import PAGE_SETTINGS, PAGES
from bot.handlers.policies import POLICIES, Known, brief, known
from bot.input.arguments import StaleButton, ValueExpected
from bot.menu.buttons import ButtonHandler
from bot.menu.command import Command, Part, Subject
from bot.screens.lists import ticked
from bot.screens.screen import Rows, Screen, rows, tap, to_home
from bot.wording.phrases import N_
from bot.wording.text import lines
from core.domain.access import Permission
from core.domain.keywords import first_keyword
from core.domain.naming import not_understood
from core.services import account
from core.services.policies import Switch

NAME = "name"
POSSIBLE = (NAME, *POLICIES, PAGES, *PAGE_SETTINGS, LOGO)
SIGN_UP = "signup"
SHOW, ONE = "settings", "setting"  # verbs of buttons
LABELS = {  # of the buttons, by the word of each line
    NAME: N_("Organisation"),
    "domains": N_("Domains"),
    "seats": N_("Seats"),
    "privacy": N_("Privacy"),
    PAGES: N_("Pages"),
    "language": N_("Language"),
    "contact": N_("Contact"),
    "colour": N_("Colour"),
    "welcome": N_("Welcome line"),
    "login": N_("Login"),
    "phone": N_("Phone"),
    "jobtitle": N_("Job title"),
    "challenge": N_("Browser check"),
    LOGO: N_("Logo"),
}
SWITCHES: Mapping[str, tuple[Switch, str]] = {  # those that a tap turns on or off, with the labels of their buttons
    "passwords": (Switch.STRONG_PASSWORDS, N_("Password rules")),
    "lastname": (Switch.LAST_NAME_REQUIRED, N_("Last name")),
    "confirmation": (Switch.EMAIL_CONFIRMATION, N_("Confirmation")),
    "approval": (Switch.APPROVAL, N_("Approval")),
    "joining": (Switch.JOINING, N_("Join by a link")),
}
# The policies in the order of their buttons: a sentence each, and below it what waits for somebody.
SHOWN = ("passwords", "lastname", "confirmation", "approval", "domains", "seats", "privacy", "joining")


async def settings(context: Context, text: str) -> Screen:
    """Show the settings, or change the one named by the first word."""
    if not text:
        return await show(context)
    name, value = first_keyword(text, POSSIBLE)
    if name is None:
        raise not_understood(text.split(maxsplit=1)[0], POSSIBLE)
    if name == PAGES:
        return await _show_pages(context)
    if name == LOGO:
        return await (logos.changed(context, value) if logos.received(context) or value else _ask(context, LOGO))
    if not value:
        raise ValueExpected(name)
    return Screen(text=await _changed(context, name, value), rows=rows([_back(context, name)]))


async def show(context: Context, _data: str = "", toast: Markup | None = None) -> Screen:
    """Show the settings, with a button for each."""
    organisation = (await context.read(account.set_up, context.actor_id)).organisation
    say, found = context.words.say, await known(context)
    name, enabled = organisation.name or say("no name yet"), organisation.sign_up_enabled
    return Screen(
        text=lines(
            say("Organisation: {name}", name=name),
            zone_line(context, organisation.zone.key),
            say("Sign-up is on.") if enabled else say("Sign-up is off, so no link works."),
            "",
            *(_shown(word, context, found) for word in SHOWN),
            "",
            say("Tap what you want to change. ✓ is on."),
        ),
        rows=_buttons(context, found, enabled=enabled),
        toast=toast,
    )


def _buttons(context: Context, found: Known, *, enabled: bool) -> Rows:
    """Return a button for each setting: one that asks for its value, or one that turns it on or off."""
    say = context.words.say

    def opening(word: str) -> InlineKeyboardButton:
        return tap(say(LABELS[word]), ONE, word)

    def switching(word: str) -> InlineKeyboardButton:
        policy, label = SWITCHES[word]
        return _switching(word, say(label), on=policy in found.policies.on)

    return rows(
        [opening(NAME), tap(say("Time zone"), "open", "timezone")],
        [_switching(SIGN_UP, say("Sign-up"), on=enabled), opening(PAGES)],
        [switching("passwords"), switching("lastname")],
        [switching("confirmation"), switching("approval")],
        [opening("domains"), opening("seats")],
        [opening("privacy"), tap(say("Data kept"), "open", "retention")],
        [switching("joining")],
        [to_home(context.words)],
    )


def _shown(word: str, context: Context, found: Known) -> Markup:
    """Return a switch's sentence with what waits for somebody; of a value, its beginning: a tap shows the rest."""
    said = brief(POLICIES[word], context, found)
    return said if word in SWITCHES else lines(*said.split("\n")[: 2 if word == "privacy" else 1])


async def tapped(context: Context, data: str) -> Screen:
    """Turn a setting on or off, `<word>:<on or off>`, or ask for its value, `<word>`. Raises StaleButton."""
    word, _, value = data.partition(":")
    if value in ("on", "off") and word in {SIGN_UP, *SWITCHES}:
        return await show(context, toast=await _switched(context, word, on=value == "on"))
    if value or word not in LABELS:
        raise StaleButton
    return await _show_pages(context) if word == PAGES else await _ask(context, word)


async def _ask(context: Context, word: str) -> Screen:
    """Ask for a setting's value, below what it is now and the line that changes it."""
    back = f"{ONE}:{PAGES}" if word in {*PAGE_SETTINGS, LOGO} else SHOW
    guide = guides.beginning(guides.find(context, SHOW), word, origin=back)
    return await guides.ask(context, guide, await _sentence(context, word))


async def _sentence(context: Context, word: str) -> Markup:
    """Say what a setting is now, with the line that changes it."""
    if word == LOGO:
        return await logos.sentence(context)
    if word in PAGE_SETTINGS:
        return await page_settings.sentence(context, word)
    if word in POLICIES:
        return POLICIES[word].sentence(context, await known(context))
    return context.words.line(f"/{SHOW} {NAME} Acme")


async def _changed(context: Context, word: str, value: str) -> Markup:
    """Change a setting, and say what it is now."""
    if word in PAGE_SETTINGS:
        await page_settings.change(context, word, value)
    elif word in POLICIES:
        await POLICIES[word].change(context, value)
    else:
        named = await context.write(account.rename, context.actor_id, value, context.now)
        return context.words.say("Learners now see “{name}” at the top of their pages.", name=named)
    return await _sentence(context, word)


async def _switched(context: Context, word: str, *, on: bool) -> Markup:
    """Turn a switch on or off, and say what it is now."""
    if word == SIGN_UP:
        await context.write(account.switch_sign_up, context.actor_id, context.now, on=on)
        return context.words.say("Sign-up is on") if on else context.words.say("Sign-up is off")
    policy = POLICIES[word]
    await policy.change(context, policy.words[0 if on else 1])
    return brief(policy, context, await known(context))


async def _show_pages(context: Context) -> Screen:
    shown, say = await page_settings.sentences(context), context.words.say
    buttons = [tap(say(LABELS[word]), ONE, word) for word in (*PAGE_SETTINGS, LOGO)]
    pairs = (buttons[place : place + 2] for place in range(0, len(buttons), 2))
    return Screen(
        text=lines(*shown, await logos.brief(context), "", say("Tap what you want to change.")),
        rows=rows(*pairs, [_back(context, PAGES)]),
    )


def _switching(word: str, label: Markup, *, on: bool) -> InlineKeyboardButton:
    """Return a button that says whether a setting is on, and turns it the other way."""
    return tap(ticked(label, on=on), ONE, word, "off" if on else "on")


def _back(context: Context, word: str) -> InlineKeyboardButton:
    if word in {*PAGE_SETTINGS, LOGO}:
        return tap(context.words.say("‹ Pages"), ONE, PAGES)
    return tap(context.words.say("‹ Settings"), SHOW)


async def _received(context: Context, word: str) -> Screen:
    """Answer a picture that was sent when a setting's value was asked for. Raises ValueExpected."""
    if first_keyword(word, POSSIBLE)[0] != LOGO:
        raise ValueExpected(word)
    return await logos.changed(context)


COMMANDS = (
    Command(
        name="settings",
        handler=settings,
        summary=N_("Show the settings, or change one"),
        examples=(
            "/settings",
            "/settings name Acme",
            *(f"/settings {policy.name} {policy.value}" for policy in POLICIES.values()),
            f"/settings {PAGES}",
            *(f"/settings {row.name} {row.value}" for row in PAGE_SETTINGS.values()),
        ),
        keywords=POSSIBLE,
        permission=Permission.MANAGE_ACCOUNT,
        subject=Subject.ACCOUNT,
        guided=(Part(N_("setting")), Part(N_("new value"))),
        between=" ",
        titles=LABELS | {NAME: N_("Name your organisation, as learners see it")},
        opens=settings,
        reads_file=_received,
        file_part=1,
        takes_photos=True,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    SHOW: show,
    ONE: tapped,
}
