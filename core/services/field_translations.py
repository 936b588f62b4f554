"""Texts of the sign-up form's custom fields in further languages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.field_texts import FieldText, FieldTexts, from_stored
from core.domain.keywords import is_none
from core.domain.naming import clean_name
from core.domain.page_settings import read_language
from core.errors import ChoiceTextsNeeded, WordNotUnderstood
from core.language import MOMENTS
from core.services.authorisation import authorise
from core.services.form_fields import (
    Address,
    FieldCard,
    card_of,
    find_for_update,
    read_hint,
    refuse_label,
    set_translations,
)
from core.storage import form_fields
from core.storage.tables import CustomField


@dataclass(frozen=True, kw_only=True)
class Translation:
    """A text of a field as an administrator types it: in which language, which text, and a word for none to end it.

    Choices are typed with commas between them, in the order of the field's own.
    """

    language: str
    what: FieldText
    text: str


def translate(session: Session, actor_id: int, address: Address, typed: Translation, now: datetime) -> FieldCard:
    """Set a text of a field in a language. Values that people gave stay as they are.

    Raises FieldNotFound, FieldGone, FieldExists, InvalidName, PageTextTooLong, KeywordInstead, ChoiceTextsNeeded,
    WordNotUnderstood.
    """
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    language = _language(typed.language)
    rows, row = find_for_update(session, address)
    known = from_stored(row.translations)
    texts = _changed(row, known.of(language), typed)
    refuse_label([each for each in rows if each is not row], texts.label)
    if texts != known.of(language):
        set_translations(session, row, known.changed(language, texts), now, by=actor_id)
    return card_of(form_fields.active(session), row)


def _language(typed: str) -> str:
    if (language := read_language(typed)) is None:
        raise WordNotUnderstood(typed, (), MOMENTS)
    return language


def _changed(row: CustomField, texts: FieldTexts, typed: Translation) -> FieldTexts:
    text = "" if is_none(typed.text) else typed.text
    match typed.what:
        case FieldText.LABEL:
            return replace(texts, label=clean_name(text) if text else "")
        case FieldText.HINT:
            return replace(texts, hint=read_hint(text))
        case FieldText.CHOICES:
            return replace(texts, choices=_choices(row.choices, text))


def _choices(choices: list[str], text: str) -> Mapping[str, str]:
    """Return what is shown for each of the choices. Raises ChoiceTextsNeeded, InvalidName."""
    shown = [clean_name(part) for part in text.split(",") if part.strip()]
    if text and (len(shown) != len(choices) or len({*map(str.casefold, shown)}) != len(shown)):
        raise ChoiceTextsNeeded(tuple(choices))
    return dict(zip(choices, shown, strict=True)) if text else {}
