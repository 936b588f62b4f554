"""/editprofile: one change of a profile in one line, previewed before it is saved if it matters."""

import re
from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import profile_edit_form
from bot.handlers.profiles import changeable, shown
from bot.input.arguments import StaleButton, UsageError, is_number, number
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.profile_card import profile_screen, when
from bot.screens.screen import Screen, rows, tap
from bot.wording import refusals
from bot.wording.edit_effects import people_affected
from bot.wording.phrases import N_, Words, repeated_times, suggestions
from bot.wording.text import command, isolate, lines
from core.domain.access import Permission
from core.domain.keywords import find_keyword
from core.domain.moments import typed_form
from core.domain.naming import format_path, nearest_keywords
from core.errors import EndInPast, LimitBelowUsed
from core.services import profile_editing
from core.services.profile_editing import Change, EditedField, EditPreview, Settled
from core.services.profiles import Card

NO_LIMIT = "-"
BARRED = re.compile(r"(#?\d+)(?:\s*\|\s*|\s+)([^|\s]+)(?:\s*\|\s*|\s+|$)(.*)", re.DOTALL)  # `1 | limit | 20` works too
EXAMPLES = ("name Winter sales", "department Sales / EMEA", "start now", "end +2 weeks", "limit 20")


async def change(context: Context, text: str) -> Screen:
    """Change a profile by `ID name|department|start|end|limit VALUE`, or ask first; by a number alone, open the form.

    Without a value, offer lines.
    """
    match = BARRED.fullmatch(text)
    parts = [part for part in match.groups() if part] if match else text.split(maxsplit=2)
    if not parts:
        raise UsageError
    profile_id = number(parts[0])
    if len(parts) == 1:
        return await profile_edit_form.open_form(context, profile_id)
    if (named := find_keyword(parts[1], EditedField)) is None:
        return _unknown(context, profile_id, parts[1])
    if len(parts) == 2:  # noqa: PLR2004 - a number and a field, and no value
        return await offer(context, profile_id)
    return await _changed(context, profile_id, Change(field=named, value=parts[2]))


async def offer(context: Context, profile_id: int) -> Screen:
    """Offer lines to copy that change a profile, with its current values."""
    card, say = await changeable(context, profile_id), context.words.say
    return Screen(
        text=lines(
            say("Copy a line, change its end and send it:"),
            *(_line(context, card, field) for field in EditedField),
            "",
            say("Another link, with its own label:"),
            command(f"/addlink {profile_id} | Riga office"),
        ),
        rows=rows([_back(context, profile_id)]),
    )


async def save(context: Context, data: str) -> Screen:
    """Save a previewed change from a button's data: profile, field, value, fingerprint."""
    match data.split(":"):
        case [profile_id, field, value, seen] if is_number(profile_id) and field in list(EditedField):
            if value != NO_LIMIT and not is_number(value):
                raise StaleButton
            known = None if value == NO_LIMIT else int(value)
            settled = Settled(field=EditedField(field), value=known, seen=seen)
            card = await context.write(profile_editing.save, context.actor_id, int(profile_id), settled, context.now)
            return profile_screen(context, card, toast=context.words.say("Saved"))
    raise StaleButton


async def close(context: Context, profile_id: int) -> Screen:
    """Close a profile now."""
    card = await context.write(profile_editing.close_now, context.actor_id, profile_id, context.now)
    return profile_screen(context, card, toast=context.words.say("Closed"))


async def _changed(context: Context, profile_id: int, wanted: Change) -> Screen:
    try:
        seen = await context.read(profile_editing.preview, context.actor_id, profile_id, wanted, context.now)
    except LimitBelowUsed as refused:
        return _closing_offered(context, profile_id, refusals.refusal(context.words, refused))
    except EndInPast as refused:
        return await _end_passed(context, profile_id, refused)
    if seen.before == seen.after:
        already = context.words.say("Nothing changed: it is already so.")
        return profile_screen(context, seen.before, already, *repeated_times(context.words, seen.repeated))
    if seen.needs_asking:
        return _asked(context, seen)
    edited = await context.write(profile_editing.edit, context.actor_id, profile_id, wanted, context.now)
    return profile_screen(
        context, edited.card, context.words.say("Saved."), *repeated_times(context.words, edited.repeated)
    )


async def _end_passed(context: Context, profile_id: int, refused: EndInPast) -> Screen:
    """Say that a typed end has passed, and offer to close the profile instead, if it isn't over already."""
    card, said = await shown(context, profile_id), refusals.refusal(context.words, refused)
    if card.window.ends_at < context.now:
        return Screen(text=said, rows=rows([_back(context, profile_id)]))
    return _closing_offered(context, profile_id, lines(said, context.words.say("To end it immediately, close it now.")))


def _closing_offered(context: Context, profile_id: int, said: Markup) -> Screen:
    closing = tap(context.words.say("Close now"), "close", profile_id, style="danger")
    return Screen(text=said, rows=rows([closing], [_back(context, profile_id)]))


def _back(context: Context, profile_id: int) -> InlineKeyboardButton:
    return tap(context.words.say("‹ Profile"), "profile", profile_id)


def _asked(context: Context, seen: EditPreview) -> Screen:
    say, settled, before = context.words.say, seen.settled, seen.before
    affected = people_affected(context.words, seen)
    value = NO_LIMIT if settled.value is None else settled.value
    saving = tap(say("Save"), "save", before.profile_id, settled.field, value, settled.seen, style="success")
    return Screen(
        text=lines(
            Markup("<b>{}</b> (#{})").format(isolate(before.name), before.profile_id),
            say("Nothing is saved yet. This will change:"),
            "",
            *_changes(context, seen),
            *([""] if affected else []),
            *affected,
            *repeated_times(context.words, seen.repeated),
        ),
        rows=rows([saving, tap(say("Cancel"), "profile", before.profile_id)]),
    )


def _changes(context: Context, seen: EditPreview) -> list[Markup]:
    """Show what changes, before and after."""
    say, words, before, after = context.words.say, context.words, seen.before, seen.after
    paths = [format_path(card.department) for card in (before, after)]
    compared = (
        (say("Department"), paths[0], paths[1]),
        (say("Start"), words.echo(before.window.starts_at), words.echo(after.window.starts_at)),
        (say("End"), words.echo(before.window.ends_at), words.echo(after.window.ends_at)),
        (say("Limit"), _limit(context, before), _limit(context, after)),
        (say("Link"), when(words, before), when(words, after)),
    )
    return [
        lines(Markup("<b>{}</b>").format(what), isolate(old), Markup("→ {}").format(isolate(new)))
        for what, old, new in compared
        if old != new
    ]


def _unknown(context: Context, profile_id: int, named: str) -> Screen:
    """Say that a profile has no such field, and show the fields it has."""
    say = context.words.say
    return Screen(
        text=lines(
            say("A profile has no “{field}” to change.", field=named),
            suggestions(context.words, nearest_keywords(named, EditedField)),
            say("These lines work:"),
            *(context.words.line(f"/editprofile {profile_id} {line}") for line in EXAMPLES),
        )
    )


def _limit(context: Context, card: Card) -> str:
    return context.words.say("unlimited") if card.limit is None else str(card.limit)


def _line(context: Context, card: Card, field: EditedField) -> Markup:
    words = context.words
    return command(f"/editprofile {card.profile_id} {words.keyword(field)} {_typed(words, card, field)}")


def _typed(words: Words, card: Card, field: EditedField) -> str:
    """Write a profile's current value in the form in which it is typed."""
    start, end = (typed_form(moment, card.zone) for moment in (card.window.starts_at, card.window.ends_at))
    return {
        EditedField.NAME: card.name,
        EditedField.DEPARTMENT: format_path(card.department),
        EditedField.START: start,
        EditedField.END: end,
        EditedField.LIMIT: words.keyword("unlimited") if card.limit is None else str(card.limit),
    }[field]


COMMANDS = (
    Command(
        name="editprofile",
        handler=change,
        summary=N_("Change a profile: number, then name, department, start, end or limit, then the new value"),
        examples=("/editprofile 1 limit 20", "/editprofile 1 end +2 weeks"),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        by_profile_number=True,
        guided=(Part(N_("profile"), of=Choice.PROFILE),),
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "edit": by_number(profile_edit_form.open_form),
    "save": save,
    "close": by_number(close),
}
