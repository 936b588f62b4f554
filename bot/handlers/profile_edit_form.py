"""The form that edits a sign-up profile: it shows before and after; Save saves what differs, and nothing else."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers import department_picker, dialogues, profile_form, profile_moments
from bot.handlers.dialogues import LEAVE
from bot.handlers.profile_form import bold, department_row, opening_label, place_chips
from bot.handlers.profile_moments import OPENS, opens, places, span_chips
from bot.input.arguments import StaleButton
from bot.menu.form import ASK, Form, Notes, Part, Read, Turn, below
from bot.screens.profile_card import profile_screen, when
from bot.screens.screen import Rows, Screen, rows
from bot.wording.edit_effects import people_affected
from bot.wording.phrases import N_
from bot.wording.text import isolate
from core.domain import profile_answers
from core.domain.naming import format_path
from core.domain.profile_answers import DEPARTMENT, ENDS, LIMIT, NAME, STARTS
from core.services import profile_edit_drafts, profiles
from core.services.dialogues import Step
from core.services.profile_editing import Effect

CHANGED_MEANWHILE: Mapping[str, str] = {  # what another person changed while the form was open
    NAME: N_("The name was changed meanwhile: {value}"),
    DEPARTMENT: N_("The department was changed meanwhile: {value}"),
    STARTS: N_("The start was changed meanwhile: {value}"),
    ENDS: N_("The end was changed meanwhile: {value}"),
    LIMIT: N_("The number of places was changed meanwhile: {value}"),
}


async def open_form(context: Context, profile_id: int) -> Screen:
    """Open the form with a profile's values."""
    answers = await context.read(profile_edit_drafts.begin, context.actor_id, profile_id)
    return await dialogues.open_with(context, FORM, Step(answers=answers))


async def begin(_context: Context) -> Step:
    """Refuse to begin without a profile. Raises StaleButton."""
    raise StaleButton


async def show(turn: Turn, notes: Notes) -> Screen:
    """Show the whole profile, with what would change."""
    turn, news = await FORM.refreshed(turn)
    effect = await _effect(turn)
    words, before = turn.context.words, effect.before
    changed = effect.before != effect.after
    return Screen(
        text=below(
            [*news, *notes],
            Markup("<b>{}</b> (#{})").format(isolate(before.name), before.profile_id),
            "",
            *_values(turn, effect),
            *_effects(turn.context, effect),
            "",
            words.say("Nothing is saved yet.") if changed else None,
            words.say("Tap what to change, or just type the name."),
        ),
        rows=_rows(turn, effect, changed=changed),
    )


async def refresh(turn: Turn) -> Read:
    """Look at the profile again, and say what others have changed."""
    context = turn.context
    found = await context.read(profile_edit_drafts.refresh, context.actor_id, turn.answers)
    step = Step(answers=found.answers, asked=turn.asked)
    if not found.changed:
        return Read(step=step)
    card = await context.read(profiles.card, context.actor_id, found.answers[profile_edit_drafts.PROFILE], context.now)
    words = context.words
    values = {
        NAME: isolate(card.name),
        DEPARTMENT: isolate(format_path(card.department)),
        STARTS: Markup.escape(words.moment(card.window.starts_at)),
        ENDS: Markup.escape(words.moment(card.window.ends_at)),
        LIMIT: places(context, card.limit),
    }
    said = [
        words.say(CHANGED_MEANWHILE[name], value=values[name]) for name in CHANGED_MEANWHILE if name in found.changed
    ]
    return Read(step=step, notes=said)


async def read(turn: Turn, text: str) -> Read:
    """Read what is typed, as on the form of a new link. Raises LimitBelowUsed, too."""
    understood = await profile_form.read(turn, text)
    await _require_places(turn, understood.step)
    return understood


async def save(turn: Turn) -> Screen:
    """Save what differs, and show the card."""
    context = turn.context
    card = await context.write(
        profile_edit_drafts.save, context.actor_id, context.chat_id, turn.dialogue.turn, context.now
    )
    return profile_screen(context, card, toast=context.words.say("Saved"))


async def title(turn: Turn) -> Markup:
    """Return the profile's name as the form has it."""
    return isolate(str(turn.answers[NAME]))


async def _set_places(turn: Turn, argument: str) -> Step:
    step = await profile_form.set_places(turn, argument)
    await _require_places(turn, step)
    return step


async def _require_places(turn: Turn, step: Step) -> None:
    if step.answers[LIMIT] != turn.answers[LIMIT]:
        context = turn.context
        await context.read(profile_edit_drafts.require_places, context.actor_id, step.answers)


async def _effect(turn: Turn) -> Effect:
    context = turn.context
    return await context.read(profile_edit_drafts.effect, context.actor_id, turn.answers, context.now)


def _values(turn: Turn, effect: Effect) -> Iterable[Markup]:
    """Show each value; before → after, if it would change."""
    context, (before, after) = turn.context, (effect.before, effect.after)
    words, filled = context.words, profile_answers.fill(turn.answers)
    say, paths = words.say, [isolate(format_path(card.department)) for card in (before, after)]
    starts = words.moment(before.window.starts_at)
    left = words.language.duration(filled.ends_at - words.now) if filled.ends_at > words.now else None
    ends = _compared(words.moment(before.window.ends_at), words.moment(after.window.ends_at))
    starting = starts if before.window.starts_at == after.window.starts_at else opens(turn, filled)
    return (
        say("Name: {name}", name=_compared(isolate(before.name), isolate(after.name))),
        say("Department: {path}", path=_compared(*paths)),
        say("Opens: {start}", start=_compared(starts, starting)),
        say("Closes: {end} ({left} left)", end=ends, left=left) if left else say("Closes: {end}", end=ends),
        say("Places: {places}", places=_compared(places(context, before.limit), places(context, after.limit))),
    )


def _compared(before: Markup | str, after: Markup | str) -> Markup:
    return bold(after) if before == after else Markup("{} → {}").format(before, bold(after))


def _effects(context: Context, effect: Effect) -> Iterable[Markup | str]:
    """Say when the link would work, and whom the change affects."""
    words = context.words
    changes = effect.before.state is not effect.after.state
    linking = [words.say("The link: {state}", state=bold(when(words, effect.after)))] if changes else []
    said = [*linking, *people_affected(words, effect)]
    return ["", *said] if said else []


def _rows(turn: Turn, effect: Effect, *, changed: bool) -> Rows:
    say, filled = turn.context.words.say, profile_answers.fill(turn.answers)
    return rows(
        [turn.button(say("Save"), "save", style="success")] if changed else [],
        department_row(turn, effect.after.department),
        span_chips(turn, filled),
        place_chips(turn, filled),
        [turn.button(opening_label(turn, filled), ASK, OPENS), turn.button(say("Cancel"), LEAVE)],
    )


PARTS = (
    Part(N_("name")),
    Part(N_("department"), pickers={DEPARTMENT: department_picker.PICKER}),
    Part(N_("start - end"), taps=profile_moments.CLOSING_TAPS, pickers=profile_moments.PICKERS),
    Part(N_("limit"), taps={"places": _set_places}),
)
FORM = Form(
    kind="profile edit",
    parts=PARTS,
    begin=begin,
    show=show,
    read=read,
    finish={"save": save},
    made=profile_form.made,
    title=title,
    refresh=refresh,
)
