"""/start, /menu, /cancel: the first screen. Who one is here, how sign-up goes, what is urgent, and the way on."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import dialogues
from bot.handlers.dialogues import CONTINUE
from bot.handlers.forms import FORMS
from bot.handlers.guides import find
from bot.menu.buttons import ButtonHandler
from bot.menu.command import Command, Subject
from bot.screens.missed_digests import failed
from bot.screens.screen import HOME, Rows, Screen, rows, tap, to_home
from bot.screens.stopped_digests import ways_on
from bot.wording import labels
from bot.wording.delivery import not_arrived
from bot.wording.phrases import N_, Words
from bot.wording.text import address, isolate, lines, shortened
from core.domain.figures import Figures
from core.services import home
from core.services.digest_cards import DigestCard
from core.services.home import Home, SetUp, SetUpStep, UrgentProfile

FIRST = 0  # the first page in a button's data
A_ROW = 2
LONGEST_TITLE = 24  # of a draft, in a button with a row of its own
MOST_COUNTED = 999  # in a label of 16 letters
STEPS: Mapping[SetUpStep, str] = {
    SetUpStep.ZONE: N_("Set your time zone"),
    SetUpStep.NAME: N_("Name your organisation"),
    SetUpStep.DEPARTMENT: N_("Add a department"),
    SetUpStep.LINK: N_("Create a sign-up link"),
    SetUpStep.COURSE: N_("Give newcomers a course"),
}


async def show(context: Context, _text: str) -> Screen:
    """Show the first screen, as far as the person's rights go."""
    return await below(context)


async def cancel(context: Context, _text: str) -> Screen:
    """Leave the open form, which can be continued for a week."""
    if screen := await dialogues.left(FORMS, context):
        return screen
    return await below(
        context,
        context.words.say("There is no open form to cancel. A question does nothing until you tap its button."),
    )


async def welcome(context: Context) -> Screen:
    """Show the first screen to a person who was just given access, or another role."""
    return await below(context, context.words.say("Welcome, {name}.", name=context.person.first_name))


async def below(context: Context, *above: Markup) -> Screen:
    """Show the first screen with other lines above it."""
    found = await context.read(home.show, context.actor_id, context.now)
    parts = [
        _who(context, found),
        *_sign_up(context.words, found),
        *_urgent(context.words, found),
        *_stopped(context.words, found.stopped_digests),
        *(["", not_arrived(context.words, found.missed_digests)] if found.missed_digests else []),
    ]
    if found.set_up and not _is_set_up(found.set_up):
        parts += ["", *_checklist(context.words, found.set_up)]
    if not context.person.permissions:
        parts.append(_courses_of_learners(context))
    return Screen(
        text=lines(*above, *([""] if above else []), *parts),
        rows=_buttons(context, found, await dialogues.unfinished(FORMS, context)),
    )


async def show_more(context: Context, _arguments: str) -> Screen:
    """Show the way to what is needed less often."""
    say = context.words.say
    named = (
        ("departments", say("Departments")),
        ("roles", say("Team")),
        ("courses", say("Courses")),
        ("progress", say("Progress")),
        ("fields", say("Form")),
        ("digest", say("Digest")),
        ("settings", say("Settings")),
        ("log", say("Log")),
        ("language", say("Language")),
        ("help", say("Help")),
    )
    buttons = [_opening(name, label) for name, label in named if _may(context, name)]
    pairs = (buttons[place : place + A_ROW] for place in range(0, len(buttons), A_ROW))
    return Screen(text=say("What would you like to see or change?"), rows=rows(*pairs, [to_home(context.words)]))


def _who(context: Context, found: Home) -> Markup:
    name = found.organisation.name or context.words.say("Your organisation")
    role = labels.role(context.words, found.who.role, found.who.role_name)
    standing = labels.role_for(context.words, role, found.who.manages)
    return Markup("<b>{}</b> · {}, {}").format(isolate(name), isolate(context.person.first_name), standing)


def _sign_up(words: Words, found: Home) -> list[Markup]:
    """Say whether sign-up is on, how many links are open, and how many people joined this week."""
    if found.figures is None:
        return []
    opened, joined = found.figures.open, found.figures.joined
    state = (
        words.count("Sign-up is on · {number} link open", "Sign-up is on · {number} links open", opened)
        if found.organisation.sign_up_enabled
        else words.say("Sign-up is off: no link works")
    )
    change = f"{joined - found.figures.joined_before:+d}".replace("-", "−")
    return [
        state,
        words.count(
            "{number} joined this week ({change})", "{number} joined this week ({change})", joined, change=change
        ),
    ]


def _urgent(words: Words, found: Home) -> list[Markup | str]:
    """Return the most urgent line, at most one."""
    if found.figures is None:
        return []
    said = _most_urgent(words, found, found.figures)
    return [] if said is None else ["", Markup("⚠️ {}").format(said)]


def _most_urgent(words: Words, found: Home, figures: Figures) -> Markup | None:
    if not found.organisation.sign_up_enabled and figures.open:
        return words.count(
            "{number} link would be open if sign-up were on",
            "{number} links would be open if sign-up were on",
            figures.open,
        )
    if found.urgent is not None:
        return _of_profile(words, found.urgent)
    if figures.waiting_since is not None:
        since = words.moment(figures.waiting_since)
        return words.count(
            "{number} person waits for your answer, since {since}",
            "{number} people wait for your answer, the first since {since}",
            figures.waiting,
            since=since,
        )
    if found.requests:
        return words.count("{number} person asks for access", "{number} people ask for access", found.requests)
    return None


def _of_profile(words: Words, urgent: UrgentProfile) -> Markup:
    ends = words.moment(urgent.ends_at)
    if urgent.left is None:
        return words.say("“{name}” closes {when}", name=urgent.name, when=ends)
    if urgent.left == 0:
        return words.say("“{name}” is full, and closes {when}", name=urgent.name, when=ends)
    return words.count(
        "“{name}” closes {when}, {number} place free",
        "“{name}” closes {when}, {number} places free",
        urgent.left,
        name=urgent.name,
        when=ends,
    )


def _stopped(words: Words, cards: Sequence[DigestCard]) -> list[Markup | str]:
    """Say how many of one's digests have stopped that go on by a tap, and how many only about something else."""
    resumable = sum(card.resumable for card in cards)
    lost = len(cards) - resumable
    said = [
        words.count("{number} of your digests has stopped", "{number} of your digests have stopped", resumable)
        if resumable
        else None,
        words.count(
            "{number} digest can't go on: its department is no longer yours",
            "{number} digests can't go on: their departments are no longer yours",
            lost,
        )
        if lost
        else None,
    ]
    return ["", *filter(None, said)] if cards else []


def _courses_of_learners(context: Context) -> Markup:
    return context.words.say(
        "Your courses are here: {address}", address=address(f"{context.addresses.public_url}/courses")
    )


def _is_set_up(set_up: SetUp) -> bool:
    return set_up.done == frozenset(SetUpStep)


def _checklist(words: Words, set_up: SetUp) -> list[Markup]:
    """List the steps from an empty account to learners with courses; those done are ticked."""
    done = words.say("Set-up: {done} of {all} done", done=len(set_up.done), all=len(SetUpStep))
    marked = [
        Markup("{} {}").format("✅" if step in set_up.done else "◻️", words.say(STEPS[step])) for step in SetUpStep
    ]
    return [done, *marked]


def _buttons(context: Context, found: Home, draft: Markup | None) -> Rows:
    say, figures = context.words.say, found.figures
    links = figures.open if figures else 0
    waiting = (figures.waiting if figures else 0) + found.requests
    new = tap(say("➕ New sign-up link"), "open", "newprofile", style="primary")
    pairs = [
        tap(say("🔗 Links · {n}", n=_few(links)), "open", "profiles") if _may(context, "profiles") else None,
        tap(say("⏳ Waiting · {n}", n=_few(waiting)), "open", "waiting") if waiting else None,
    ]
    others = [
        tap(say("👥 People"), "open", "people") if _may(context, "people") else None,
        tap(say("📊 Report"), "open", "report") if _may(context, "report") else None,
    ]
    return rows(
        ways_on(context.words, found.stopped_digests),
        [failed(context.words, found.missed_digests.number)] if found.missed_digests else [],
        _next_step(context, found),
        [new] if _may(context, "newprofile") else [],
        [tap(say("Continue “{title}”", title=shortened(draft.unescape(), LONGEST_TITLE)), CONTINUE)] if draft else [],
        pairs,
        others,
        [tap(say("More ›"), "more")],
    )


def _few(number: int) -> str:
    """Write a number within the room of a label."""
    return str(number) if number <= MOST_COUNTED else f"{MOST_COUNTED}+"


def _next_step(context: Context, found: Home) -> list[InlineKeyboardButton]:
    """Return the green button: the next step of the set-up, or the switch if all else is done."""
    say = context.words.say
    if found.set_up is None:
        return []
    step = next((each for each in SetUpStep if each not in found.set_up.done), None)
    if step is None:
        return []
    if step is SetUpStep.LINK and found.set_up.profiles:
        return [tap(say("Turn sign-up on"), "open", "signup", "on", style="success")]
    opened = {
        SetUpStep.ZONE: ("timezone",),
        SetUpStep.NAME: ("settings", "name"),
        SetUpStep.DEPARTMENT: ("adddepartment",),
        SetUpStep.LINK: ("newprofile",),
        SetUpStep.COURSE: ("addrule",) if found.set_up.courses else ("addcourse",),
    }[step]
    return [tap(say(STEPS[step]), "open", *opened, style="success")]


def _opening(name: str, label: Markup) -> InlineKeyboardButton:
    return tap(label, "open", name)


def _may(context: Context, name: str) -> bool:
    return find(context, name).is_for(context.person.permissions)


COMMANDS = (
    Command(name="cancel", handler=cancel, subject=Subject.HELP),
    Command(name="start", handler=show, subject=Subject.HELP),
    Command(
        name="menu",
        handler=show,
        summary=N_("Show the first screen: your links, who waits, and what to do next"),
        examples=("/menu",),
        subject=Subject.HELP,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    HOME: show,
    "more": show_more,
}
