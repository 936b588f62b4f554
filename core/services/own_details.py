"""What users see and change of their own data on the pages. No permission is needed: the acting user is the person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.field_kinds import Kind
from core.domain.form_fields import BUILT_IN, Field, read_email, read_value
from core.domain.hashes import hash_of
from core.domain.text import indexed_key
from core.errors import Conflict, FieldGone, InvalidForm, NotAllowed, Problem
from core.language import region
from core.services import audit_log, password_links, person_details, sessions, sign_up_forms
from core.services.account import Organisation, organisation
from core.services.audit_log import Action
from core.services.person_details import Consent
from core.services.sessions import SignedIn
from core.storage import (
    account,
    departments,
    email_changes,
    link_recipients,
    people,
    reminders,
    roster_entries,
)
from core.storage import form_fields as stored_fields
from core.storage import sessions as stored_sessions
from core.storage.database import refusing
from core.storage.password_links import lock_user
from core.storage.tables import User, WebSession

NAMES = ("first_name", "last_name")
NAME = "name"  # both of them, which are changed together
APART = frozenset({*NAMES, "email", "login", "password"})  # shown or changed in another way than the other fields


@dataclass(frozen=True, kw_only=True)
class Detail:
    """What is changed together: one field, or the two of the name, with the values that they have now."""

    name: str
    fields: tuple[Field, ...]
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class LogIn:
    """A browser in which the user is logged in: since when, when it was last used (UTC), and whether it is this one.

    `device` is its coarse name, empty if unknown.
    """

    device: str
    since: datetime
    used_at: datetime
    is_this: bool


@dataclass(frozen=True, kw_only=True)
class OwnDetails:
    """A user's own data. `new_email` has yet to be confirmed; `department` is the path from the top.

    `email_domains` are those in which an address can be (none: any). `offers_telegram`: there is a bot to connect with.
    """

    organisation: Organisation
    learner: SignedIn
    details: tuple[Detail, ...]
    email: str | None
    new_email: str | None
    login: str | None
    department: tuple[str, ...]
    language: str
    consent: Consent | None
    log_ins: tuple[LogIn, ...]
    email_domains: tuple[str, ...]
    strong_passwords: bool
    offers_telegram: bool
    has_telegram: bool

    @property
    def identifier(self) -> str:
        """What the user logs in with."""
        return self.email or self.login or ""

    def detail(self, name: str) -> Detail:
        """Return a detail by its name. Raises FieldGone."""
        return _named(self.details, name)


def find(session: Session, session_token: str, now: datetime) -> OwnDetails | None:
    """Return what the user of a session cookie sees of themselves; None as `sessions.find`."""
    learner = sessions.find(session, session_token, now)
    if learner is None:
        return None
    user, row = session.get_one(User, learner.user_id), account.load(session)
    change = email_changes.of_user(session, user.id, now)
    used = stored_sessions.of_user(session, user.id, now, used_after=now - sessions.IDLE)
    return OwnDetails(
        organisation=organisation(session),
        learner=learner,
        details=_details(session, user),
        email=user.email,
        new_email=change.email if change else None,
        login=user.login,
        department=departments.paths(session, {user.department_id})[user.department_id],
        language=user.reading_language,
        consent=person_details.consent_of(user),
        log_ins=tuple(_log_in(each, hash_of(session_token)) for each in used),
        email_domains=tuple(row.email_domains),
        strong_passwords=row.strong_passwords,
        offers_telegram=row.bot_name is not None,
        has_telegram=learner.has_telegram,
    )


def _log_in(found: WebSession, this: str) -> LogIn:
    return LogIn(
        device=found.device,
        since=found.expires_at - sessions.LIFETIME,
        used_at=found.used_at,
        is_this=found.token_hash == this,
    )


def change(session: Session, user_id: int, name: str, posted: Mapping[str, str], now: datetime) -> None:
    """Change one of the user's own details. Raises NotAllowed, FieldGone, InvalidForm."""
    user = own(session, user_id)
    detail = _named(_details(session, user), name)
    values = _read(detail.fields, posted, region(organisation(session).zone))
    changed = {each: values[each.name] for each in detail.fields if values[each.name] != detail.values[each.name]}
    if changed:
        keep_values(session, user, changed)
        record(session, user, list(changed), now)


def change_email(session: Session, user_id: int, typed: str, now: datetime) -> None:
    """Change the user's own address at once, because no e-mail can be sent. The edge counts it first.

    Raises NotAllowed, InvalidForm.
    """
    user = own(session, user_id)
    email = read_new_email(session, user, typed)
    if people.taken(session, email, "")[0]:
        raise InvalidForm({"email": Problem.TAKEN})
    set_email(session, user, email, now)
    record_email(session, user, now)


def read_new_email(session: Session, user: User, typed: str) -> str:
    """Return the address that a user entered instead of theirs, normalised. Raises InvalidForm: it is theirs, too."""
    email = read_email(typed, tuple(account.load(session).email_domains))
    if email == user.email:
        raise InvalidForm({"email": Problem.UNCHANGED})
    return email


def set_email(session: Session, user: User, email: str, now: datetime) -> None:
    """Give a locked user an address that is free; links that were sent to the old one end. Raises Conflict."""
    before = user.email or ""
    reminders.carry_over(session, before, email, now)
    with refusing(session, uq_user_account_email=Conflict()):
        user.email = email
    roster_entries.change_email(session, before, email)
    link_recipients.change_email(session, before, email)
    password_links.end_all(session, user.id)
    email_changes.forget(session, user.id)


def change_password(
    session: Session, user_id: int, password_hash: str, now: datetime, *, mail_in: str | None = None
) -> None:
    """Set the user's own password, whose old one the edge has verified; all log-ins end, this one too.

    They are told by e-mail in the language `mail_in`, unless it is None. Raises NotAllowed.
    """
    password_links.set_password(session, own(session, user_id), password_hash, now, mail_in=mail_in)


def change_language(session: Session, user_id: int, language: str) -> None:
    """Store the language in which the user reads messages, in the chat too, whatever their Telegram app's is."""
    people.choose_language(session, user_id, language)


def end_log_ins(session: Session, user_id: int) -> None:
    """End all the user's log-ins, this one too."""
    stored_sessions.end_all(session, user_id)


def own(session: Session, user_id: int) -> User:
    """Lock the acting user. Raises NotAllowed if they aren't active any more."""
    user = lock_user(session, user_id)
    if user.state != UserState.ACTIVE:
        raise NotAllowed
    return user


def keep_values(session: Session, user: User, values: Mapping[Field, str]) -> None:
    """Store new values of a locked user, who stays among the expected people whom they matched.

    Raises InvalidForm if another person has a value that has to be the only one; Conflict.
    """
    entries = roster_entries.of_user(session, user) if any(each.name not in NAMES for each in values) else set()
    for field, value in values.items():
        _keep(session, user, field, value)
    roster_entries.keep(session, user, entries)


def values_of(session: Session, user: User, fields: Sequence[Field]) -> dict[str, str]:
    """Return a user's values of fields, by the fields' names, empty where there is none."""
    answers = stored_fields.values_of(session, [user.id]).get(user.id, {})
    return {each.name: _value(user, answers, each) for each in fields}


def record_email(session: Session, user: User, now: datetime) -> None:
    """Record that a user has changed their own address."""
    record(session, user, [next(each for each in BUILT_IN if each.kind is Kind.EMAIL)], now)


def record(
    session: Session,
    user: User,
    fields: Sequence[Field],
    now: datetime,
    *,
    by: int | None = None,
    action: Action = Action.DETAILS_CHANGED,
) -> None:
    """Record which details of a user were changed, by themselves or another user; not the values.

    The values would outlive an erasure.
    """
    details = [each.label or each.name for each in fields]
    subject = audit_log.of_user(user)
    audit_log.record(session, by or user.id, action, subject, now, after={"details": details})


def _details(session: Session, user: User) -> tuple[Detail, ...]:
    """Return the name, and what else the sign-up form asks for or the user has a value of, in the form's order."""
    row, fields = account.load(session), stored_fields.active(session)
    form, asked = (
        sign_up_forms.own_form(row, fields),
        {each.name for each in sign_up_forms.sign_up_form(row, fields).fields},
    )
    values = values_of(session, user, [each for each in form.fields if each.name not in APART])
    names = Detail(
        name=NAME,
        fields=tuple(each for each in form.fields if each.name in NAMES),
        values={each: getattr(user, each) for each in NAMES},
    )
    others = (
        Detail(name=each.name, fields=(each,), values={each.name: values[each.name]})
        for each in form.fields
        if each.name in asked & values.keys() or values.get(each.name)
    )
    return (names, *others)


def _named(details: Sequence[Detail], name: str) -> Detail:
    for each in details:
        if each.name == name:
            return each
    raise FieldGone


def _value(user: User, answers: Mapping[int, str], field: Field) -> str:
    if field.field_id is not None:
        return answers.get(field.field_id, "")
    return str(getattr(user, field.name) or "")


def _read(fields: Sequence[Field], posted: Mapping[str, str], country: str | None) -> dict[str, str]:
    """Read the values of some fields as the sign-up form does. Raises InvalidForm with all problems at once."""
    values, problems = dict[str, str](), dict[str, Problem]()
    for each in fields:
        try:
            values[each.name] = read_value(each, posted.get(each.name, ""), region=country)
        except InvalidForm as invalid:
            problems |= invalid.problems
    if problems:
        raise InvalidForm(problems)
    return values


def _keep(session: Session, user: User, field: Field, value: str) -> None:
    """Store a value of a field. Raises InvalidForm if another person has it, and has to be the only one; Conflict."""
    if field.field_id is None:
        setattr(user, field.name, value)
        return
    key = indexed_key(value) if value and field.definition.unique else None
    holder = stored_fields.holder_of(session, field.field_id, key) if key else None
    if holder not in (None, user.id):
        raise InvalidForm({field.name: Problem.TAKEN})
    with refusing(session, uq_field_value_field_id_unique_key=Conflict()):
        stored_fields.replace_value(session, user.id, field.field_id, value, key)
