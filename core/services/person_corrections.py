"""Corrections of what is known of a person, by those who manage people: name, e-mail, phone, job title, own fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.form_fields import Field, read_value
from core.domain.mail import MailKind
from core.errors import FieldGone, InvalidForm, PreviewOutdated, Problem, UserNotFound
from core.language import region
from core.services import mail_outbox, own_details, people, person_rights, questions, sign_up_forms
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.questions import About
from core.storage import account
from core.storage import people as stored
from core.storage.tables import User

APART = frozenset({"login", "password"})  # people choose these themselves
EMAIL = "email"


@dataclass(frozen=True, kw_only=True)
class Correctable:
    """A person, the fields that can be corrected, and the values that they have now, by the fields' names."""

    user_id: int
    name: str
    fields: tuple[Field, ...]
    values: Mapping[str, str]

    def field(self, name: str) -> Field:
        """Return a field by its name. Raises FieldGone."""
        return _named(self.fields, name)


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """A field of a person, with its value before and after, as they are stored."""

    user_id: int
    field: Field
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class EmailProposal:
    """A new e-mail address that was asked about; `before` None: the person has none yet."""

    question_id: int
    user_id: int
    name: str
    before: str | None
    after: str


def show(session: Session, actor_id: int, user_id: int) -> Correctable:
    """Return what can be corrected of a user within scope. Raises UserNotFound, NotAllowed."""
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    user = stored.visible(session, actor.scope, user_id)
    if user is None:
        raise UserNotFound(str(user_id))
    if not person_rights.may_change(session, actor, user):
        person_rights.require_outranks(session, actor, user)
    found = fields(session, actor_id)
    values = own_details.values_of(session, user, found)
    return Correctable(user_id=user.id, name=user.full_name, fields=found, values=values)


def fields(session: Session, actor_id: int) -> tuple[Field, ...]:
    """Return the fields that can be corrected of a person, those that staff alone fill in included."""
    return tuple(each for each in sign_up_forms.full_form(session, actor_id).fields if each.name not in APART)


def correct(session: Session, actor_id: int, user_id: int, name: str, typed: str, now: datetime) -> Corrected:
    """Correct a field other than the e-mail address, by its name. The same value changes nothing.

    Raises UserNotFound, NotAllowed, FieldGone, InvalidForm.
    """
    user = _lock(session, actor_id, user_id)
    field = _named([each for each in fields(session, actor_id) if each.name != EMAIL], name)
    before = own_details.values_of(session, user, [field])[name]
    after = read_value(field, typed, region=region(account.zone(session)))
    if after != before:
        own_details.keep_values(session, user, {field: after})
        _record(session, actor_id, user, field, now)
    return Corrected(user_id=user.id, field=field, before=before, after=after)


def propose_email(session: Session, actor_id: int, user_id: int, typed: str, now: datetime) -> EmailProposal:
    """Prepare the question before a new e-mail address holds, with which the person then logs in.

    Raises UserNotFound, NotAllowed, InvalidForm (also if it is theirs already, or another user's).
    """
    user = _lock(session, actor_id, user_id)
    email = own_details.read_new_email(session, user, typed)
    _refuse_taken(session, email)
    body = {"user_id": user.id, "before": user.email, "after": email}
    question_id = questions.ask(session, actor_id, About.CORRECTION, body, now)
    return EmailProposal(question_id=question_id, user_id=user.id, name=user.full_name, before=user.email, after=email)


def correct_email(session: Session, actor_id: int, question_id: int, now: datetime, *, can_mail: bool) -> Corrected:
    """Give the person the address that was asked about; the old and the new one are told, if e-mail can be sent.

    Links to a new password that were sent to the old one end. Raises QuestionClosed, PreviewOutdated if the person has
    another address by now, and what `propose_email` raises.
    """
    authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    body = questions.answer(session, actor_id, question_id, About.CORRECTION, now)
    user = _lock(session, actor_id, body["user_id"])
    before, after = body["before"], body["after"]
    if user.email != before:
        raise PreviewOutdated
    _refuse_taken(session, after)
    own_details.set_email(session, user, after, now)
    field = _named(fields(session, actor_id), EMAIL)
    _record(session, actor_id, user, field, now)
    if can_mail:
        if before:
            mail_outbox.queue(session, user.id, before, MailKind.ADDRESS_CHANGED, user.reading_language, now)
        mail_outbox.queue(session, user.id, after, MailKind.ADDRESS_CORRECTED, user.reading_language, now)
    return Corrected(user_id=user.id, field=field, before=before or "", after=after)


def _lock(session: Session, actor_id: int, user_id: int) -> User:
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    return people.find_for_update(session, actor, user_id)


def _named(among: Sequence[Field], name: str) -> Field:
    for each in among:
        if each.name == name:
            return each
    raise FieldGone


def _refuse_taken(session: Session, email: str) -> None:
    if stored.taken(session, email, "")[0]:
        raise InvalidForm({EMAIL: Problem.TAKEN})


def _record(session: Session, actor_id: int, user: User, field: Field, now: datetime) -> None:
    own_details.record(session, user, [field], now, by=actor_id, action=Action.PERSON_CORRECTED)
