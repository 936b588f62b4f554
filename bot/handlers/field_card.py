"""A custom field's card, and /translatefield: its texts in further languages."""

from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import guides
from bot.handlers.form_fields import as_it_is, described_kind, require_own
from bot.input.arguments import fields
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.screen import Screen, rows, tap
from bot.wording.phrases import N_, Words
from bot.wording.text import isolate, lines, shortened
from core.domain.access import Permission
from core.domain.field_texts import FieldText, FieldTexts
from core.domain.keywords import find_keyword
from core.domain.naming import find_word
from core.services import field_translations, form_fields
from core.services.field_translations import Translation
from core.services.form_fields import FieldCard, FieldDraft

LONGEST_TEXTS = 400
EVERYWHERE = "any"  # the word in place of a language: the field's own texts
TRANSLATE, CHANGE, MOVE = "translatefield", "changefield", "movefield"


async def show(context: Context, field_id: int) -> Screen:
    """Show a field's card."""
    return card_screen(context, await context.read(form_fields.card, context.actor_id, field_id))


async def translate(context: Context, text: str) -> Screen:
    """Set a text of a field from `field | language | label, hint or choices | text`."""
    label, language, what, value = fields(text, 4, 4)
    typed = Translation(language=language, what=find_word(what, FieldText), text=value)
    if typed.what is FieldText.LABEL:
        require_own(context.words, value)
    if find_keyword(language, [EVERYWHERE]):
        draft = _said_everywhere(await context.read(form_fields.card, context.actor_id, label), typed)
        changed = await context.write(form_fields.change_field, context.actor_id, label, draft, context.now)
    else:
        changed = await context.write(field_translations.translate, context.actor_id, label, typed, context.now)
    return card_screen(context, changed)


def _said_everywhere(card: FieldCard, typed: Translation) -> FieldDraft:
    """Return a field with another text of its own, which is said where there is none in a person's language."""
    draft = as_it_is(card)
    match typed.what:
        case FieldText.LABEL:
            return replace(draft, label=typed.text)
        case FieldText.HINT:
            return replace(draft, hint=typed.text)
        case FieldText.CHOICES:
            return replace(draft, choices=tuple(part.strip() for part in typed.text.split(",") if part.strip()))


def card_screen(context: Context, card: FieldCard) -> Screen:
    """Show a field: what it takes, and what it says in each language."""
    say, words = context.words.say, context.words
    own = FieldTexts(label=card.label, hint=card.hint, choices={each: each for each in card.choices})
    texts = [(None, own), *card.translations.by_language.items()]
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(isolate(card.label)),
            described_kind(words, card),
            "",
            *(_texts(words, code, each) for code, each in texts),
        ),
        rows=rows(
            [tap(say("Texts by language"), f"field-{TRANSLATE}", card.field_id)],
            [
                tap(say("Change"), f"field-{CHANGE}", card.field_id),
                tap(say("Move"), f"field-{MOVE}", card.field_id),
            ],
            [tap(say("Remove"), "field-end", card.field_id, style="danger"), _to_form(words)],
        ),
    )


def _texts(words: Words, code: str | None, texts: FieldTexts) -> Markup:
    language = words.language.locale.languages[code] if code else words.say("All other languages")
    choices = " / ".join(texts.choices.values())
    parts = [isolate(shortened(each, LONGEST_TEXTS)) for each in (texts.label, texts.hint, choices) if each]
    return Markup("{}: {}").format(language[:1].upper() + language[1:], Markup(" · ").join(parts))


def _to_form(words: Words) -> InlineKeyboardButton:
    return tap(words.say("‹ Form"), "fields", 0)


def _beginning_at(name: str) -> ButtonHandler:
    """Return the button that asks for the parts of a command about a field."""

    async def begin(context: Context, field_id: int) -> Screen:
        card = await context.read(form_fields.card, context.actor_id, field_id)
        command = guides.find(context, name)
        return await guides.ask(context, guides.beginning(command, card.label, origin=f"field:{field_id}"))

    return by_number(begin)


COMMANDS = (
    Command(
        name=TRANSLATE,
        handler=translate,
        summary=N_("Set a field's label, hint or choices in a language"),
        parts=(
            Part(N_("field"), of=Choice.FIELD),
            Part(N_("language"), of=Choice.FIELD_LANGUAGE),
            Part(N_("what is said"), of=Choice.FIELD_TEXT),
            Part(N_("text"), prompt=N_("type it, choices with commas between them; “none” takes it away")),
        ),
        examples=(
            "/translatefield Shirt size | es | label | Talla",
            "/translatefield Shirt size | es | hint | De camiseta",
            "/translatefield Shirt size | es | choices | Pequeña, Mediana, Grande",
        ),
        permission=Permission.MANAGE_ACCOUNT,
        subject=Subject.FORM,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "field": by_number(show),
    **{f"field-{name}": _beginning_at(name) for name in (TRANSLATE, CHANGE, MOVE)},
}
