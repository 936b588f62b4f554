"""/fields, /addfield, /changefield, /movefield, /removefield: the sign-up form's own fields."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import UsageError, fields, number, split
from bot.menu.buttons import ButtonHandler, by_number, confirmed
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.lists import LONGEST_ENTRY, turning
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording import labels, refusals
from bot.wording.lists import page_of
from bot.wording.phrases import N_, Words
from bot.wording.text import command, isolate, lines, shortened
from core.domain.access import Permission
from core.domain.field_kinds import CUSTOM_KINDS, Kind
from core.domain.keywords import FIELD_SETTINGS, first_keyword
from core.domain.naming import find_word, not_understood
from core.domain.page_settings import Asked
from core.domain.text import key
from core.errors import ChoicesNeeded, FieldExists
from core.services import form_fields, sign_up_forms
from core.services.form_fields import Address, FieldCard, FieldDraft

A_PAGE = 5  # with the rows below them they are within a phone
MOST_PARTS = 8
LONGEST_CHOICES = 300
HOW: Mapping[Asked, str] = {
    Asked.REQUIRED: N_("Required: {fields}"),
    Asked.OPTIONAL: N_("Optional: {fields}"),
    Asked.OFF: N_("Not asked for: {fields}"),
}
CHOICES = N_("type the choices, for example: choices S, M, L")


async def listing(context: Context, _text: str) -> Screen:
    """List the form's fields, with the first page of the custom ones."""
    return await page(context, 0)


async def page(context: Context, wanted: int) -> Screen:
    """List the built-in fields, and a page of the custom ones."""
    return await _listed(context, await context.read(form_fields.listing, context.actor_id), wanted)


async def add(context: Context, text: str) -> Screen:
    """Add a field from `label | kind`, then its properties."""
    label, kind, *words = fields(text, 2, MOST_PARTS)
    draft = _described(FieldDraft(label=label, kind=find_word(kind, CUSTOM_KINDS)), words)
    require_own(context.words, draft.label)
    try:
        await context.write(form_fields.add_field, context.actor_id, draft, context.now)
    except ChoicesNeeded as refused:
        return _choices_needed(context, refused, f"/addfield {text}", draft.kind)
    return await _changed(context)


async def change(context: Context, text: str) -> Screen:
    """Change a field from `label | what to change`; the rest stays."""
    label, *words = fields(text, 2, MOST_PARTS)
    draft = _described(as_it_is(await context.read(form_fields.card, context.actor_id, label)), words)
    if key(draft.label) != key(label):
        require_own(context.words, draft.label)
    try:
        await context.write(form_fields.change_field, context.actor_id, label, draft, context.now)
    except ChoicesNeeded as refused:
        return _choices_needed(context, refused, f"/changefield {text}", draft.kind)
    return await _changed(context)


async def move(context: Context, text: str) -> Screen:
    """Move a field to a place from `label | place`."""
    label, place = fields(text, 2, 2)
    cards = await context.write(form_fields.move_field, context.actor_id, label, number(place), context.now)
    return await _listed(context, cards, 0)


async def ask_to_remove(context: Context, text: str) -> Screen:
    """Ask before a field is removed from the form."""
    if not text:
        raise UsageError
    return await _ask_to_remove(context, text)


async def _ask_to_remove(context: Context, address: Address) -> Screen:
    gone = await context.read(form_fields.preview_removal, context.actor_id, address)
    say, count = context.words.say, context.words.count
    return Screen(
        text=lines(
            say("Remove “{label}” from the form?", label=gone.label),
            count(
                "{number} person filled it in; their answer is kept.",
                "{number} people filled it in; their answers are kept.",
                gone.answers,
            )
            if gone.answers
            else None,
        ),
        rows=rows(
            [
                tap(say("Remove"), "field-end!", gone.field_id, gone.seen, style="danger"),
                tap(say("Cancel"), "fields", 0),
            ]
        ),
    )


async def remove(context: Context, field_id: int, seen: str) -> Screen:
    """Remove a field from the form after the question."""
    label = await context.write(form_fields.remove_field, context.actor_id, field_id, context.now, seen=seen)
    say = context.words.say
    return Screen(text=say("Removed “{label}” from the form. Answers that people gave are kept.", label=label))


def require_own(words: Words, label: str) -> None:
    """Refuse the label of a built-in field: a page, an export and `/addperson` couldn't tell the two apart.

    Labels are refused in English too, in which every line can name the fields. Raises FieldExists.
    """
    for built_in in labels.LABELS.values():
        if key(label) in (key(built_in), key(words.say(built_in).unescape())):
            raise FieldExists(label)


def _choices_needed(context: Context, refused: ChoicesNeeded, line: str, kind: Kind) -> Screen:
    """Say how choices are written, with the typed line completed, or without the choices that it must not have."""
    kept = [part for part in split(line) if part and not part.casefold().startswith("choices")]
    completed = " | ".join([*kept, "choices S, M, L"] if kind is Kind.CHOICE else kept)
    return Screen(text=lines(refusals.refusal(context.words, refused), command(completed)))


def _described(draft: FieldDraft, words: Iterable[str]) -> FieldDraft:
    """Read a field's properties. Raises WordNotUnderstood if one isn't valid."""
    for word in filter(None, words):
        draft = _with(draft, word)
    return draft


def _with(draft: FieldDraft, word: str) -> FieldDraft:
    verb, rest = first_keyword(word.replace(":", " ", 1), FIELD_SETTINGS)
    match verb:
        case "choices":
            return replace(draft, choices=tuple(part.strip() for part in rest.split(",") if part.strip()))
        case "label":
            return replace(draft, label=rest)
        case "hint":
            return replace(draft, hint=rest)
        case "required" | "optional" as need if not rest:
            return replace(draft, required=need == "required")
        case "shown" | "hidden" as place if not rest:
            return replace(draft, at_sign_up=place == "shown")
    raise not_understood(word, FIELD_SETTINGS)


def as_it_is(card: FieldCard) -> FieldDraft:
    """Return a field as a draft."""
    return FieldDraft(
        label=card.label,
        kind=card.kind,
        required=card.required,
        at_sign_up=card.at_sign_up,
        choices=card.choices,
        hint=card.hint,
    )


async def _changed(context: Context) -> Screen:
    return await page(context, 0)


async def _listed(context: Context, cards: list[FieldCard], wanted: int) -> Screen:
    say, asked = context.words.say, await context.read(sign_up_forms.built_in_asked, context.actor_id)
    described = [_field(context, card) for card in cards]
    shown = page_of(described, wanted, most=A_PAGE)
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(say("What the form asks newcomers for")),
            *_built_in(context.words, asked),
            say("Login, phone and job title are switched under Pages, the last name under Settings."),
            "",
            say("Then your own fields:") if cards else say("No fields of your own yet."),
            *(described[place] for place in shown.places),
        ),
        rows=rows(
            *([_opening(cards[place])] for place in shown.places),
            [tap(say("Pages"), "setting", "pages"), tap(say("Settings"), "settings")],
            [tap(say("➕ Add a field"), "open", "addfield", style="success")],
            [
                to_home(context.words),
                *turning(lambda label, place: tap(label, "fields", place), shown.number, shown.pages),
            ],
        ),
    )


def _built_in(words: Words, asked: Mapping[str, Asked]) -> list[Markup]:
    """Say which built-in fields are required, which optional and which off; a line each that has any."""
    named = {how: [words.say(labels.LABELS[name]) for name, each in asked.items() if each is how] for how in HOW}
    return [words.say(HOW[how], fields=Markup(", ").join(fields)) for how, fields in named.items() if fields]


def _opening(card: FieldCard) -> InlineKeyboardButton:
    return tap(shortened(card.label, LONGEST_ENTRY), "field", card.field_id)


def _needs_choices(answers: Sequence[str]) -> bool:
    return answers[-1] == Kind.CHOICE


def described_kind(words: Words, card: FieldCard) -> Markup:
    """Say of which kind a field is, and whether it is required and shown at sign-up."""
    facts = [words.say(labels.KINDS[card.kind])]
    facts += [words.say("required")] if card.required else []
    facts += [] if card.at_sign_up else [words.say("not shown at sign-up")]
    return Markup(" · ").join(facts)


def _field(context: Context, card: FieldCard) -> Markup:
    choices = [isolate(shortened(" / ".join(card.choices), LONGEST_CHOICES))] if card.choices else []
    languages = [isolate(", ".join(card.translations.by_language))] if card.translations.by_language else []
    facts = Markup(" · ").join([described_kind(context.words, card), *choices, *languages])
    return Markup("{}. <b>{}</b> · {}").format(card.place, isolate(card.label), facts)


COMMANDS = (
    Command(
        name="fields",
        handler=listing,
        summary=N_("Show the fields of the sign-up form"),
        examples=("/fields",),
        alone=True,
        permission=Permission.MANAGE_ACCOUNT,
        subject=Subject.FORM,
    ),
    Command(
        name="addfield",
        handler=add,
        summary=N_("Add a form field, with settings such as required, hidden or choices"),
        parts=(
            Part(N_("field")),
            Part(N_("kind"), of=Choice.FIELD_KIND),
            Part(N_("settings"), optional=True, needed=_needs_choices, prompt=CHOICES),
        ),
        examples=(
            "/addfield Employee number | unique text | required",
            "/addfield Shirt size | choice | choices S, M, L",
            "/addfield Hired on | date | hidden",
        ),
        permission=Permission.MANAGE_ACCOUNT,
        subject=Subject.FORM,
    ),
    Command(
        name="changefield",
        handler=change,
        summary=N_("Change a form field"),
        parts=(Part(N_("field"), of=Choice.FIELD), Part(N_("what to change"), of=Choice.FIELD_CHANGE)),
        examples=(
            "/changefield Shirt size | optional | choices S, M, L, XL",
            "/changefield Shirt size | label T-shirt | required | shown",
            "/changefield Shirt size | hint For the T-shirt that you get",
        ),
        permission=Permission.MANAGE_ACCOUNT,
        subject=Subject.FORM,
    ),
    Command(
        name="movefield",
        handler=move,
        summary=N_("Move one of your own fields to another place on the form"),
        parts=(Part(N_("field"), of=Choice.FIELD), Part(N_("place"), of=Choice.PLACE)),
        examples=("/movefield Shirt size | 1",),
        permission=Permission.MANAGE_ACCOUNT,
        subject=Subject.FORM,
    ),
    Command(
        name="removefield",
        handler=ask_to_remove,
        summary=N_("Remove one of your own fields from the form, after confirmation"),
        examples=("/removefield Shirt size",),
        permission=Permission.MANAGE_ACCOUNT,
        subject=Subject.FORM,
        guided=(Part(N_("field"), of=Choice.FIELD),),
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "fields": by_number(page),
    "field-end": by_number(_ask_to_remove),
    "field-end!": confirmed(remove),
}
