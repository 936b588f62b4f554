"""/start: the welcome, and the set-up checklist."""

from markupsafe import Markup

from bot.context import Context
from bot.handlers.help import overview
from bot.menu.command import Command, Subject
from bot.screens.screen import Screen
from bot.wording import labels
from bot.wording.text import command, lines
from core.domain.access import WHOLE_ACCOUNT_ROLES
from core.services import account, people
from core.services.account import SetUp


async def start(context: Context, _text: str) -> Screen:
    """Welcome a person: their role, and the set-up checklist or the commands that they may use."""
    hello = context.words.say("Welcome, {name}.", name=context.person.first_name)
    if context.person.role not in WHOLE_ACCOUNT_ROLES:
        return overview(context, hello, await _standing(context), Markup(""))
    progress = await context.read(account.set_up, context.actor_id)
    return Screen(text=lines(hello, await _standing(context), "", *_checklist(context, progress)))


async def _standing(context: Context) -> Markup:
    """Show the person's role and departments."""
    card = await context.read(people.own_card, context.actor_id)
    say, role = context.words.say, labels.role(context.words, card.role, card.role_name)
    if not card.manages:
        return say("Your role here: {role}.", role=role)
    managed = labels.departments(context.words, card.manages)
    return say("Your role here: {role}, for {departments} and everything below.", role=role, departments=managed)


def _checklist(context: Context, progress: SetUp) -> list[Markup | str]:
    """List the steps from an empty account to a first link; those done are ticked."""
    say, organisation = context.words.say, progress.organisation
    steps = (
        (organisation.sign_up_enabled, say("Turn sign-up on"), "/signup on"),
        (organisation.zone.key != "UTC", say("Set your time zone"), "/timezone Europe/Riga"),
        (organisation.name is not None, say("Name your organisation, as learners see it"), "/settings name Acme"),
        (progress.departments > 0, say("Add a department"), "/adddepartment Sales / EMEA"),
        (progress.courses > 0, say("Add a course"), "/addcourse Welcome | https://example.com/welcome | 14"),
        (progress.rules > 0, say("Give it to a department"), "/addrule Sales / EMEA | Welcome"),
        (
            progress.profiles > 0,
            say("Create a sign-up profile and share its link"),
            "/newprofile Autumn sales | Sales / EMEA | now - +2 weeks | 50",
        ),
    )
    written = [_step(step, command(line), done=done) for done, step, line in steps]
    if all(done for done, _, _ in steps):
        return [say("Everything is set up. /profiles lists your profiles, /help shows what else you can do.")]
    title = say("Still to set up:") if progress.profiles else say("Steps to your first link:")
    return [title, *written]


def _step(step: Markup, line: Markup, *, done: bool) -> Markup:
    if done:
        return Markup("✅ {}").format(step)
    return lines(Markup("◻️ {}").format(step), line)


COMMANDS = (Command(name="start", handler=start, subject=Subject.HELP),)
