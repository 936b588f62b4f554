"""The form that adds a person: what it begins with, what typed words mean on it, and the person it adds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.addresses import find_address
from core.domain.field_kinds import Kind
from core.domain.form_fields import Field, Form, read_email, read_form, read_value
from core.domain.profile_answers import DEPARTMENT
from core.errors import DepartmentGone, FieldGone, InvalidForm
from core.services import department_lookup, department_picker, dialogues, password_links, sign_up_forms
from core.services.authorisation import authorise
from core.services.dialogues import Dialogue
from core.services.password_links import Made
from core.storage import department_picker as tree
from core.storage import departments

VALUES = "values"  # the answer that holds the fields' normalised values, by their names

Answers = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """The answers with which a form begins; `choosable`: there is a department to choose."""

    answers: dict[str, Any]
    choosable: bool


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """What the form of a new person shows: the account's fields, the values of those that are filled in, by name.

    `department` is the path of the chosen one, None if none is. `missing` are the required fields without a value.
    """

    form: Form
    values: Mapping[str, str]
    department: tuple[str, ...] | None
    missing: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """Return a field by its name. Raises FieldGone."""
        return _field(self.form, name)


def begin(session: Session, actor_id: int, known: Mapping[str, str], *, region: str | None) -> Beginning:
    """Return the answers with which a form begins: what is `known` of the person, but for what its field refuses.

    `region` is the ISO 3166 code of the country of phone numbers without a country code.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    form = sign_up_forms.full_form(session, actor_id)
    department_id = department_picker.usual(session, actor_id)
    return Beginning(
        answers={DEPARTMENT: department_id, VALUES: _accepted(form, known, region)},
        choosable=department_id is not None or bool(tree.first_in(session, actor.scope, at_most=1)),
    )


def facts(session: Session, actor_id: int, answers: Answers) -> PersonFacts:
    """Return what the form of a new person shows. Fields that were removed meanwhile are left out."""
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    form = sign_up_forms.full_form(session, actor_id)
    values = {each.name: answers[VALUES][each.name] for each in form.fields if each.name in answers[VALUES]}
    return PersonFacts(
        form=form,
        values=values,
        department=_department(session, actor, answers[DEPARTMENT]),
        missing=tuple(each for each in form.fields if each.required and each.name not in values),
    )


def fill(session: Session, actor_id: int, answers: Answers, typed: Mapping[str, str], *, region: str | None) -> Answers:
    """Return the answers with fields filled in, by name; empty texts empty them. Raises FieldGone, InvalidForm."""
    authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    form = sign_up_forms.full_form(session, actor_id)
    values = {name: _read(form, _field(form, name), text, region) for name, text in typed.items()}
    kept = {**answers[VALUES], **values}
    return {**answers, VALUES: {name: value for name, value in kept.items() if value}}


def read(session: Session, actor_id: int, text: str, answers: Answers, *, region: str | None) -> Answers:
    """Read what was typed on the form: an e-mail address, a phone number, a name, or these after each other.

    Of a name's words the last is the last name; a single word fills what is missing. Raises InvalidForm, also if there
    are several addresses or numbers.
    """
    authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    words = text.split()
    addresses = [word for word in words if "@" in word and find_address(word)]
    numbers = [word for word in words if word not in addresses and _is_phone(word)]
    name = [word for word in words if word not in addresses and word not in numbers]
    known = {"email": " ".join(dict.fromkeys(addresses)), "phone": " ".join(numbers)}
    typed = {field: text for field, text in known.items() if text}
    if name:
        typed |= _named(name, answers[VALUES])
    return fill(session, actor_id, answers, typed, region=region)


def find_department(session: Session, actor_id: int, path: str) -> int:
    """Return the number of a department within scope. Raises DepartmentNotFound, DepartmentAmbiguous."""
    return department_lookup.find(session, authorise(session, actor_id, Permission.MANAGE_PEOPLE), path)


def create(session: Session, actor_id: int, chat_id: int, turn: int, now: datetime, *, region: str | None) -> Made:
    """Add the person of a form at this turn, once; return the link by which they set their password.

    Raises OtherTurn, DepartmentGone, InvalidForm and what `password_links.add_person` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)

    def effect(inside: Session, dialogue: Dialogue) -> Made:
        if (chosen := dialogue.answers.get(DEPARTMENT)) is None:
            raise DepartmentGone
        department_id = department_lookup.find(inside, actor, chosen)
        form = sign_up_forms.full_form(inside, actor_id)
        newcomer = read_form(dialogue.answers.get(VALUES, {}), form, region=region)
        return password_links.add_person(inside, actor_id, newcomer, department_id, now)

    return dialogues.complete(session, actor_id, chat_id, turn, effect, lambda made: made.user_id, now)


def _field(form: Form, name: str) -> Field:
    for each in form.fields:
        if each.name == name:
            return each
    raise FieldGone


def _read(form: Form, field: Field, text: str, region: str | None) -> str:
    """Return the normalised value of a field, empty if nothing was typed. Raises InvalidForm."""
    if field.kind is Kind.EMAIL and text:
        return read_email(text, form.email_domains)
    return read_value(field, text, region=region) if text else ""


def _accepted(form: Form, known: Mapping[str, str], region: str | None) -> dict[str, str]:
    accepted = {}
    for name, text in known.items():
        try:
            accepted[name] = _read(form, _field(form, name), text, region)
        except InvalidForm:
            continue
    return {name: value for name, value in accepted.items() if value}


def _department(session: Session, actor: Actor, department_id: int | None) -> tuple[str, ...] | None:
    """Return the path of a department, None if it is none, or no longer within scope."""
    if department_id is None or not departments.exists(session, department_id):
        return None
    within = department_id in departments.within_scope(session, actor.scope, [department_id])
    return departments.path(session, department_id) if within else None


def _is_phone(text: str) -> bool:
    """Return whether a text has the characters of a phone number only; its field tells whether it is one."""
    return any(letter.isdecimal() for letter in text) and not any(letter.isalpha() for letter in text)


def _named(words: list[str], values: Mapping[str, str]) -> dict[str, str]:
    *first, last = words
    if first:
        return {"first_name": " ".join(first), "last_name": last}
    return {"last_name" if "first_name" in values and "last_name" not in values else "first_name": last}
