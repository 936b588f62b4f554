"""The account's sign-up form: its built-in and custom fields and its policies, as each use of it asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.field_kinds import DEFINITIONS, Kind
from core.domain.field_texts import from_stored
from core.domain.form_fields import (
    BUILT_IN,
    CONSENT,
    Field,
    Form,
    Newcomer,
    built_in_fields,
    consent_problem,
    is_allowed,
)
from core.domain.page_settings import Asked
from core.errors import InvalidForm, Problem
from core.services.authorisation import authorise
from core.storage import account, form_fields
from core.storage.links import AccountRow, FieldRow
from core.storage.tables import Account, CustomField

LONGEST_VALUE = 1000


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


def built_in_asked(session: Session, actor_id: int) -> dict[str, Asked]:
    """Return how newcomers are asked for each built-in field, by its name and in the form's order.

    Needs the permission to manage the account.
    """
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row = account.load(session)
    shown = {field.name: field for field in sign_up_form(row, ()).fields}
    return {each.name: _how(shown.get(each.name)) for each in BUILT_IN}


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


def _how(field: Field | None) -> Asked:
    """Return how a field is asked for; None: it isn't on the form."""
    if field is None:
        return Asked.OFF
    return Asked.REQUIRED if field.required else Asked.OPTIONAL


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
        hint=row.hint,
        translations=from_stored(row.translations),
    )


def custom_name(field_id: int) -> str:
    """Return the name of a custom field in forms."""
    return f"custom_{field_id}"
