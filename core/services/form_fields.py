"""The custom fields of the sign-up form, as administrators define them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.field_kinds import CUSTOM_KINDS, Kind
from core.domain.field_texts import NO_TRANSLATIONS, FieldTexts, Translations, from_stored, to_stored
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.naming import clean_name, nearest
from core.domain.page_settings import read_line
from core.domain.text import key
from core.errors import (
    ChoicesNeeded,
    FieldExists,
    FieldGone,
    FieldNotFound,
)
from core.services import audit_log
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.storage import account, form_fields
from core.storage.database import refusing
from core.storage.tables import CustomField

Address = str | int  # a field's label, as typed, or its number, as sent by a button

LONGEST_HINT = 300


@dataclass(frozen=True, kw_only=True)
class FieldDraft:
    """A custom field as an administrator defines it; only a choice field has `choices`."""

    label: str
    kind: Kind
    required: bool = False
    at_sign_up: bool = True
    choices: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class FieldCard:
    """A custom field; `place` counts from 1."""

    field_id: int
    place: int
    label: str
    kind: Kind
    required: bool
    at_sign_up: bool
    choices: tuple[str, ...]
    hint: str = ""
    translations: Translations = NO_TRANSLATIONS


@dataclass(frozen=True, kw_only=True)
class FieldRemoval:
    """A field to be removed from the form, and how many people have a value of it.

    `seen` is the fingerprint of its label only, because more people may fill it in meanwhile.
    """

    field_id: int
    label: str
    answers: int
    seen: str


def listing(session: Session, actor_id: int) -> list[FieldCard]:
    """List the custom fields in order. Needs the permission to manage the account."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    return cards(form_fields.active(session))


def card(session: Session, actor_id: int, address: Address) -> FieldCard:
    """Return a custom field. Raises FieldNotFound, FieldGone."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    rows = form_fields.active(session)
    return card_of(rows, _find(rows, address))


def add_field(session: Session, actor_id: int, draft: FieldDraft, now: datetime) -> FieldCard:
    """Add a field at the end of the form. Raises InvalidName, FieldExists, ChoicesNeeded, PageTextTooLong."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    label, choices = clean_name(draft.label), _choices(draft.kind, draft.choices)
    account.lock(session)  # one at a time, so that no two fields have the same place
    refuse_label(form_fields.active(session), label)
    row = CustomField(
        label=label,
        label_key=key(label),
        kind=draft.kind,
        choices=choices,
        required=draft.required,
        at_sign_up=draft.at_sign_up,
        hint=read_hint(draft.hint),
        translations={},
        position=len(form_fields.active(session)) + 1,
    )
    with refusing(session, uq_custom_field_label_key=FieldExists(label)):
        session.add(row)
    audit_log.record(session, actor_id, Action.FIELD_ADDED, _subject(row), now, after=_facts(row))
    return cards(form_fields.active(session))[-1]


def change_field(session: Session, actor_id: int, label: str, draft: FieldDraft, now: datetime) -> FieldCard:
    """Change a field, except its kind; texts in further languages of choices that it loses are lost with them.

    Raises FieldNotFound, InvalidName, FieldExists, ChoicesNeeded, PageTextTooLong.
    """
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    rows, row = find_for_update(session, label)
    before, name = _facts(row), clean_name(draft.label)
    refuse_label([each for each in rows if each is not row], name)
    with refusing(session, uq_custom_field_label_key=FieldExists(name)):
        row.label, row.label_key = name, key(name)
        row.choices = _choices(Kind(row.kind), draft.choices)
        row.required, row.at_sign_up = draft.required, draft.at_sign_up
        row.hint = read_hint(draft.hint)
        row.translations = to_stored(from_stored(row.translations).only(row.choices))
    _record_change(session, actor_id, row, before, now)
    return card_of(form_fields.active(session), row)


def set_translations(session: Session, row: CustomField, texts: Translations, now: datetime, *, by: int) -> None:
    """Give a locked field other texts in further languages; rights are not checked here."""
    before = _facts(row)
    row.translations = to_stored(texts)
    _record_change(session, by, row, before, now)


def move_field(session: Session, actor_id: int, label: str, place: int, now: datetime) -> list[FieldCard]:
    """Move a field to a place (from 1), clamped to the form's length. Raises FieldNotFound."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    rows, row = find_for_update(session, label)
    before, others = _facts(row), [other for other in rows if other is not row]
    others.insert(max(0, min(place - 1, len(others))), row)
    for position, each in enumerate(others, start=1):
        each.position = position
    session.flush()
    _record_change(session, actor_id, row, before, now)
    return cards(others)


def preview_removal(session: Session, actor_id: int, address: Address) -> FieldRemoval:
    """Return what removing a field affects. Raises FieldNotFound, FieldGone."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row = _find(form_fields.active(session), address)
    answers = form_fields.count_values(session, row.id)
    return FieldRemoval(field_id=row.id, label=row.label, answers=answers, seen=fingerprint(row.label))


def remove_field(session: Session, actor_id: int, address: Address, now: datetime, *, seen: str | None = None) -> str:
    """Remove a field from the form and return its label; people's values are kept.

    Raises FieldNotFound, FieldGone, and PreviewOutdated if it is no longer what was `seen`.
    """
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    _, row = find_for_update(session, address)
    refuse_if_outdated(seen, fingerprint(row.label))
    row.removed_at = now
    audit_log.record(session, actor_id, Action.FIELD_REMOVED, _subject(row), now, before=_facts(row))
    return row.label


def _choices(kind: Kind, choices: Sequence[str]) -> list[str]:
    """Return the tidied choices. Raises InvalidName, ChoicesNeeded."""
    tidy = {key(name): name for name in map(clean_name, choices)}
    if kind not in CUSTOM_KINDS or (kind is Kind.CHOICE) != bool(tidy) or len(tidy) == 1:
        raise ChoicesNeeded
    return list(tidy.values())


def read_hint(text: str) -> str:
    """Return a hint, tidied; a word for none: empty. Raises PageTextTooLong, KeywordInstead."""
    return read_line(text, LONGEST_HINT) or ""


def refuse_label(others: Iterable[CustomField], label: str) -> None:
    """Refuse a label by which other fields are known in any language. The account is locked. Raises FieldExists."""
    if any(key(label) in _keys(other) for other in others):
        raise FieldExists(label)


def find_for_update(session: Session, address: Address) -> tuple[list[CustomField], CustomField]:
    """Lock the custom fields; return them and the one that is meant. Raises FieldNotFound, FieldGone."""
    account.lock(session)
    rows = form_fields.lock_all(session)
    return rows, _find(rows, address)


def _keys(row: CustomField) -> set[str]:
    return {row.label_key, *map(key, from_stored(row.translations).labels)}


def _find(rows: Sequence[CustomField], address: Address) -> CustomField:
    for row in rows:
        if address == row.id or (isinstance(address, str) and key(address) in _keys(row)):
            return row
    if isinstance(address, int):
        raise FieldGone
    wanted = address.strip()
    raise FieldNotFound(wanted, nearest(wanted, [row.label for row in rows]))


def card_of(rows: Sequence[CustomField], row: CustomField) -> FieldCard:
    """Return one of the custom fields, all of which are given."""
    return cards(rows)[rows.index(row)]


def cards(rows: Sequence[CustomField]) -> list[FieldCard]:
    """Return custom fields in order."""
    return [
        FieldCard(
            field_id=row.id,
            place=place,
            label=row.label,
            kind=Kind(row.kind),
            required=row.required,
            at_sign_up=row.at_sign_up,
            choices=tuple(row.choices),
            hint=row.hint,
            translations=from_stored(row.translations),
        )
        for place, row in enumerate(rows, start=1)
    ]


def _facts(row: CustomField) -> dict[str, object]:
    return {
        "label": row.label,
        "kind": row.kind,
        "choices": list(row.choices),
        "required": row.required,
        "at sign-up": row.at_sign_up,
        "place": row.position,
        "hint": row.hint,
        "texts": [_written(code, texts) for code, texts in from_stored(row.translations).by_language.items()],
    }


def _written(code: str, texts: FieldTexts) -> str:
    """Write the texts in a language for the audit log."""
    choices = (f"{choice} = {shown}" for choice, shown in texts.choices.items())
    return f"{code}: {' · '.join(filter(None, (texts.label, texts.hint, *choices)))}"


def _record_change(
    session: Session, actor_id: int, row: CustomField, before: Mapping[str, object], now: datetime
) -> None:
    audit_log.record(session, actor_id, Action.FIELD_CHANGED, _subject(row), now, before=before, after=_facts(row))


def _subject(row: CustomField) -> Subject:
    return Subject(number=row.id, name=row.label)
