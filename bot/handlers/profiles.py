"""/newprofile, /profiles, /profile, /pause, /resume: creates, lists, shows, pauses profiles."""

from collections.abc import Mapping
from functools import partial

from bot.context import Context
from bot.handlers import dialogues, profile_form, repetitions
from bot.input.arguments import WrongPartCount, fields, number, split
from bot.menu.buttons import ButtonHandler, as_line, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.profile_card import TO_FURTHER, further_screen, profile_screen
from bot.screens.screen import Screen, tap
from bot.wording.phrases import N_, repeated_times
from core.domain.access import Permission
from core.domain.links import LinkState
from core.domain.naming import format_path
from core.engine import UseCase
from core.errors import DepartmentNotNamed, ProfileNotFound, ProfileReadOnly, WindowNotUnderstood
from core.services import profile_editing, profiles
from core.services.profiles import Card, Created, Draft

WITHOUT_DEPARTMENT = 3  # parts of a line


async def create(context: Context, text: str) -> Screen:
    """Create a profile from `name | department | start - end | limit` and show its card; if empty, open the form.

    A manager of only one department can leave it out.
    """
    if not text:
        return await dialogues.begin(context, profile_form.FORM)
    try:
        return await repetitions.make(
            context,
            f"/newprofile {text}",
            _creating(context, text),
            number=lambda made: made.card.profile_id,
            screen=partial(_created, context),
            ask=partial(ask_about_another, context, text, "newprofile-again!"),
        )
    except (DepartmentNotNamed, WindowNotUnderstood):
        if len(split(text)) != WITHOUT_DEPARTMENT:
            raise
        raise WrongPartCount(4, 4) from None


async def create_again(context: Context, question_id: int) -> Screen:
    """Create a profile like the one that the same line created, after the question."""
    text = await repetitions.line_of(context, question_id)
    return _created(context, await repetitions.another(context, question_id, _creating(context, text)))


async def ask_about_another(context: Context, text: str, again: str, profile_id: int) -> Screen | None:
    """Ask before a line makes another profile; the verb `again` makes it. None if the first one was deleted."""
    try:
        existing = await shown(context, profile_id)
    except ProfileNotFound:
        return None
    show = tap(context.words.say("Show #{number}", number=profile_id), "profile", profile_id)
    return await repetitions.ask(context, text, again, show, f"{existing.name} (#{profile_id})")


def _creating(context: Context, text: str) -> UseCase[[], Created]:
    parts = split(text)
    if len(parts) != WITHOUT_DEPARTMENT:
        parts = fields(text, 4, 4)
    name, *department, window, limit = parts
    draft = Draft(name=name, department="".join(department), window=window, limit=limit)
    return lambda session: profiles.create(session, context.actor_id, draft, context.now)


def _created(context: Context, created: Created) -> Screen:
    say = context.words.say
    window, words = created.card.window, context.words
    notes = [say("From {start} to {end}.", start=words.weekday(window.starts_at), end=words.echo(window.ends_at))]
    notes += repeated_times(words, created.repeated)
    if created.card.state is LinkState.SIGN_UP_OFF:
        notes.append(say("The profile was created, but sign-up is off in this account, so its link does not work yet."))
    return profile_screen(context, created.card, *notes)


async def show(context: Context, text: str) -> Screen:
    """Show a profile's card."""
    return profile_screen(context, await shown(context, number(text)))


async def show_more(context: Context, profile_id: int) -> Screen:
    """Show a profile's card with the buttons for what is needed less often."""
    return further_screen(context, await changeable(context, profile_id))


async def pause(context: Context, text: str) -> Screen:
    """Pause a profile."""
    return await _switch(context, number(text), paused=True)


async def resume(context: Context, text: str) -> Screen:
    """Resume a profile."""
    return await _switch(context, number(text), paused=False)


async def shown(context: Context, profile_id: int) -> Card:
    """Read a profile's card."""
    return await context.read(profiles.card, context.actor_id, profile_id, context.now)


async def changeable(context: Context, profile_id: int) -> Card:
    """Read the card of a profile that the person may change. Raises ProfileReadOnly if they may only read it."""
    card = await shown(context, profile_id)
    if not card.editable:
        raise ProfileReadOnly(profile_id, card.name, format_path(card.department))
    return card


async def _switch(context: Context, profile_id: int, *, paused: bool) -> Screen:
    card = await context.write(profile_editing.pause, context.actor_id, profile_id, context.now, paused=paused)
    toast = context.words.say("Paused") if paused else context.words.say("The link works again")
    return profile_screen(context, card, toast=toast)


COMMANDS = (
    Command(
        name="newprofile",
        aliases=("new",),
        handler=create,
        summary=N_("Create a sign-up profile"),
        parts=profile_form.FORM.parts,
        form=profile_form.FORM,
        examples=(
            "/newprofile Autumn sales | Sales / EMEA | now - +2 weeks | 50",
            "/newprofile Interns | Sales / EMEA | 2026-11-24 09:00 - 2026-12-24 18:00 | unlimited",
        ),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
    ),
    Command(
        name="profile",
        handler=show,
        summary=N_("Show a profile with its link"),
        examples=("/profile 1",),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        by_profile_number=True,
        guided=(Part(N_("profile"), of=Choice.PROFILE),),
    ),
    Command(
        name="pause",
        handler=pause,
        summary=N_("Pause a profile's link"),
        examples=("/pause 1",),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        rank=1,
        by_profile_number=True,
        guided=(Part(N_("profile"), of=Choice.RUNNING_PROFILE),),
    ),
    Command(
        name="resume",
        handler=resume,
        summary=N_("Resume a paused link"),
        examples=("/resume 1",),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        rank=1,
        by_profile_number=True,
        guided=(Part(N_("profile"), of=Choice.PAUSED_PROFILE),),
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "newprofile-again!": by_number(create_again),
    "profile": as_line(show),
    TO_FURTHER: by_number(show_more),
    "pause": as_line(pause),
    "resume": as_line(resume),
}
