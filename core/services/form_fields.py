"""The sign-up form and its custom fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.field_kinds import CUSTOM_KINDS, DEFINITIONS, Kind
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.form_fields import CONSENT, Field, Form, Newcomer, built_in_fields, consent_problem, is_allowed
from core.domain.naming import clean_name, nearest
from core.domain.page_settings import Asked
from core.domain.text import key
from core.errors import (
    ChoicesNeeded,
    FieldExists,
    FieldGone,
    FieldNotFound,
    InvalidForm,
    Problem,
)
from core.services import audit_log
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.storage import account, form_fields
from core.storage.database import refusing
from core.storage.links import AccountRow, FieldRow
from core.storage.tables import Account, CustomField

Address = str | int  # a field's label, as typed, or its number, as sent by a button

LONGEST_VALUE = 1000


@dataclass(frozen=True, kw_only=True)
class FieldDraft:
    """A custom field as an administrator defines it; only a choice field has `choices`."""

    label: str
    kind: Kind
    required: bool = False
    at_sign_up: bool = True
    choices: tuple[str, ...] = ()


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


@dataclass(frozen=True, kw_only=True)
class FieldRemoval:
    """A field to be removed from the form, and how many people have a value of it.

    `seen` is the fingerprint of its label only, because more people may fill it in meanwhile.
    """

    field_id: int
    label: str
    answers: int
    seen: str


def sign_up_form(row: Account | AccountRow, fields: Sequence[CustomField | FieldRow]) -> Form:
    """Return the sign-up form, by the account's row and its custom fields. It is public: no permission is needed."""
    return _form(row, [field for field in fields if field.at_sign_up], _asked(row))


def own_form(row: Account | AccountRow, fields: Sequence[CustomField | FieldRow]) -> Form:
    """Return the form by which users change their own data: as sign-up has it, with what it doesn't ask for optional.

    Fields that staff alone fill in are left out.
    """
    asked = {name: Asked.OPTIONAL if how is Asked.OFF else how for name, how in _asked(row).items()}
    return _form(row, [field for field in fields if field.at_sign_up], asked)


def full_form(session: Session, actor_id: int) -> Form:
    """Return the form for adding people by hand: all fields that can be asked for, but no consent and no password.

    Nobody can consent for others, and they choose their password themselves.
    """
    authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    row = account.load(session)
    asked = {name: Asked.OPTIONAL if how is Asked.OFF else how for name, how in _asked(row).items()}
    form = _form(row, form_fields.active(session), asked)
    fields = tuple(field for field in form.fields if field.kind is not Kind.PASSWORD)
    return replace(form, fields=fields, consent_version=None)


def listing(session: Session, actor_id: int) -> list[FieldCard]:
    """List the custom fields in order. Needs the permission to manage the account."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    return _cards(form_fields.active(session))


def add_field(session: Session, actor_id: int, draft: FieldDraft, now: datetime) -> FieldCard:
    """Add a field at the end of the form. Raises InvalidName, FieldExists, ChoicesNeeded."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    label, choices = clean_name(draft.label), _choices(draft.kind, draft.choices)
    account.lock(session)  # one at a time, so that no two fields have the same place
    row = CustomField(
        label=label,
        label_key=key(label),
        kind=draft.kind,
        choices=choices,
        required=draft.required,
        at_sign_up=draft.at_sign_up,
        position=len(form_fields.active(session)) + 1,
    )
    with refusing(session, uq_custom_field_label_key=FieldExists(label)):
        session.add(row)
    audit_log.record(session, actor_id, Action.FIELD_ADDED, _subject(row), now, after=_facts(row))
    return _cards(form_fields.active(session))[-1]


def change_field(session: Session, actor_id: int, label: str, draft: FieldDraft, now: datetime) -> FieldCard:
    """Change a field, except its kind. Raises FieldNotFound, InvalidName, FieldExists, ChoicesNeeded."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row = _find_for_update(session, label)
    before, name = _facts(row), clean_name(draft.label)
    with refusing(session, uq_custom_field_label_key=FieldExists(name)):
        row.label, row.label_key = name, key(name)
        row.choices = _choices(Kind(row.kind), draft.choices)
        row.required, row.at_sign_up = draft.required, draft.at_sign_up
    audit_log.record(session, actor_id, Action.FIELD_CHANGED, _subject(row), now, before=before, after=_facts(row))
    return next(card for card in _cards(form_fields.active(session)) if card.field_id == row.id)


def move_field(session: Session, actor_id: int, label: str, place: int, now: datetime) -> list[FieldCard]:
    """Move a field to a place (from 1), clamped to the form's length. Raises FieldNotFound."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row = _find_for_update(session, label)
    before, others = _facts(row), [other for other in form_fields.active(session) if other is not row]
    others.insert(max(0, min(place - 1, len(others))), row)
    for position, each in enumerate(others, start=1):
        each.position = position
    session.flush()
    audit_log.record(session, actor_id, Action.FIELD_CHANGED, _subject(row), now, before=before, after=_facts(row))
    return _cards(others)


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
    row = _find_for_update(session, address)
    refuse_if_outdated(seen, fingerprint(row.label))
    row.removed_at = now
    audit_log.record(session, actor_id, Action.FIELD_REMOVED, _subject(row), now, before=_facts(row))
    return row.label


def check(form: Form, newcomer: Newcomer) -> None:
    """Check a completed form, read a moment ago, against the current fields and policies. Raises InvalidForm."""
    problems = {}
    for asked in form.fields:
        if asked.required and not newcomer.has(asked):
            problems[asked.name] = Problem.MISSING
    if not is_allowed(newcomer.email, form.email_domains):
        problems["email"] = Problem.DOMAIN_NOT_ALLOWED
    shown = newcomer.consent_version
    if problem := consent_problem(form, shown, agreed=shown is not None):
        problems[CONSENT] = problem
    if problems:
        raise InvalidForm(problems)


def _asked(row: Account | AccountRow) -> Mapping[str, Asked]:
    """Return which built-in fields the account's form asks for, by their names."""
    return {
        "login": Asked(row.login_field),
        "phone": Asked(row.phone_field),
        "job_title": Asked(row.job_title_field),
    }


def _form(row: Account | AccountRow, rows: Sequence[CustomField | FieldRow], asked: Mapping[str, Asked]) -> Form:
    built_in = built_in_fields(last_name_required=row.last_name_required, asked=asked)
    return Form(
        fields=(*built_in, *(_field(custom) for custom in rows)),
        strong_passwords=row.strong_passwords,
        email_domains=tuple(row.email_domains),
        consent_version=row.privacy_version if row.consent_asked else None,
    )


def _field(row: CustomField | FieldRow) -> Field:
    kind = Kind(row.kind)
    return Field(
        name=custom_name(row.id),
        autocomplete=DEFINITIONS[kind].autocomplete,
        kind=kind,
        required=row.required,
        longest=LONGEST_VALUE,
        label=row.label,
        field_id=row.id,
        choices=tuple(row.choices),
    )


def custom_name(field_id: int) -> str:
    """Return the name of a custom field in forms."""
    return f"custom_{field_id}"


def _choices(kind: Kind, choices: Sequence[str]) -> list[str]:
    """Return the tidied choices. Raises InvalidName, ChoicesNeeded."""
    tidy = {key(name): name for name in map(clean_name, choices)}
    if kind not in CUSTOM_KINDS or (kind is Kind.CHOICE) != bool(tidy) or len(tidy) == 1:
        raise ChoicesNeeded
    return list(tidy.values())


def _find_for_update(session: Session, address: Address) -> CustomField:
    account.lock(session)
    return _find(form_fields.lock_all(session), address)


def _find(rows: Sequence[CustomField], address: Address) -> CustomField:
    wanted_key = address if isinstance(address, int) else key(address)
    for row in rows:
        if wanted_key in (row.id, row.label_key):
            return row
    if isinstance(address, int):
        raise FieldGone
    wanted = address.strip()
    raise FieldNotFound(wanted, nearest(wanted, [row.label for row in rows]))


def _cards(rows: Sequence[CustomField]) -> list[FieldCard]:
    return [
        FieldCard(
            field_id=row.id,
            place=place,
            label=row.label,
            kind=Kind(row.kind),
            required=row.required,
            at_sign_up=row.at_sign_up,
            choices=tuple(row.choices),
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
    }


def _subject(row: CustomField) -> Subject:
    return Subject(number=row.id, name=row.label)
