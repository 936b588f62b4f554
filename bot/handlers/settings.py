"""/settings: the organisation's name and the sign-up policies."""

from bot.context import Context
from bot.handlers import page_settings
from bot.handlers.account import switch_line, zone_line
from bot.handlers.page_settings import PAGE_SETTINGS, PAGES
from bot.handlers.policies import POLICIES, known
from bot.input.arguments import ValueExpected
from bot.menu.command import Command, Part, Subject
from bot.screens.screen import Screen
from bot.wording.phrases import N_
from bot.wording.text import lines
from core.domain.access import Permission
from core.domain.keywords import first_keyword
from core.domain.naming import not_understood
from core.services import account

NAME = "name"
POSSIBLE = (NAME, *POLICIES, PAGES, *PAGE_SETTINGS)


async def settings(context: Context, text: str) -> Screen:
    """Show the settings, or change the one named by the first word."""
    if not text:
        return await _all(context)
    name, value = first_keyword(text, POSSIBLE)
    if name is None:
        raise not_understood(text.split(maxsplit=1)[0], POSSIBLE)
    if name == PAGES:
        return await page_settings.show(context)
    if not value:
        raise ValueExpected(name)
    if name in PAGE_SETTINGS:
        return await page_settings.change(context, name, value)
    return await _named(context, value) if name == NAME else await _changed(context, name, value)


async def _named(context: Context, value: str) -> Screen:
    named = await context.write(account.rename, context.actor_id, value, context.now)
    return Screen(text=context.words.say("Learners now see “{name}” at the top of their pages.", name=named))


async def _changed(context: Context, name: str, value: str) -> Screen:
    policy = POLICIES[name]
    await policy.change(context, value)
    return Screen(text=policy.sentence(context, await known(context)))


async def _all(context: Context) -> Screen:
    organisation = (await context.read(account.set_up, context.actor_id)).organisation
    say, found = context.words.say, await known(context)
    name = organisation.name or say("no name yet: {line}", line=context.words.line("/settings name Acme"))
    pages = context.words.line(f"/settings {PAGES}")
    return Screen(
        text=lines(
            say("Organisation: {name}", name=name),
            zone_line(context, organisation.zone.key),
            switch_line(context, enabled=organisation.sign_up_enabled),
            *(part for policy in POLICIES.values() for part in ("", policy.sentence(context, found))),
            "",
            say("How the pages look, and what the form asks for: {line}", line=pages),
        )
    )


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
        titles={NAME: N_("Name your organisation, as learners see it")},
        opens=settings,
    ),
)
