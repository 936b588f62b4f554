"""People: users are found, added, transferred, activated, deactivated and deleted."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import MANAGING_ROLES, STAFF_ROLES, Actor, Permission, Role, UserState
from core.domain.form_fields import Newcomer, login_from
from core.domain.mail import MailKind
from core.domain.outbox import Kind
from core.errors import NotAllowed, NotYourself, OwnerStays, SeatsTaken, UserNotFound, WaitsForApproval
from core.services import (
    audit_log,
    courses,
    department_lookup,
    digest_cards,
    erasure,
    learner_creation,
    outbox,
    person_rights,
    seats,
    sign_up_mail,
    telegram_connections,
)
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.department_changes import DepartmentChange, change_department
from core.services.department_lookup import Address
from core.services.learner_creation import Place
from core.storage import (
    account,
    actors,
    departments,
    form_fields,
    pending_sign_ups,
    people,
    sessions,
    status_pages,
)
from core.storage import seats as seat_counter
from core.storage.actors import Sender
from core.storage.tables import CustomRole, User

CARD_NUMBER = re.compile(r"#([0-9]{1,18})")


@dataclass(frozen=True, kw_only=True)
class Person:
    """A user of the chat; the permissions decide what is offered, while each use case checks what is allowed.

    `has_open_form`: what they type in their private chat answers a form (`services.dialogues`). `zone`: the account's.
    `language` is that of their Telegram app, `chosen_language` what they chose instead for their private chat.
    """

    user_id: int
    first_name: str
    role: Role
    permissions: frozenset[Permission]
    language: str
    zone: ZoneInfo
    has_open_form: bool = False
    chosen_language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Card:
    """A user as administrators see them. `role_name` is a custom role's own name; `created_at` is UTC.

    `manages` are those of the user's managed departments that are within the viewer's scope. `unconfirmed`: the person
    waits until they have confirmed the address; `declined`: they wait no more, unless that is undone.
    """

    user_id: int
    name: str
    email: str | None
    login: str | None
    phone: str
    job_title: str
    state: UserState
    role: Role
    role_name: str | None
    department: tuple[str, ...]
    manages: tuple[tuple[str, ...], ...]
    created_at: datetime
    zone: ZoneInfo
    unconfirmed: bool = False
    declined: bool = False


def by_telegram_id(session: Session, telegram_id: int) -> Person | None:
    """Return the active user with a Telegram account; None for strangers and inactive users."""
    return by_telegram_ids(session, [telegram_id]).get(telegram_id)


def by_telegram_ids(session: Session, telegram_ids: Collection[int]) -> Mapping[int, Person]:
    """Return the active users with these Telegram accounts, by the accounts' numbers."""
    return {telegram_id: _person(found) for telegram_id, found in actors.senders(session, telegram_ids).items()}


def card(session: Session, actor_id: int, user_id: int) -> Card:
    """Return the card of a user within scope. Raises UserNotFound."""
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    user = people.visible(session, actor.scope, user_id)
    if user is None:
        raise UserNotFound(str(user_id))
    return cards(session, actor, [user])[0]


def own_card(session: Session, user_id: int) -> Card:
    """Return an active user's own card, which needs no permission. Raises NotAllowed."""
    actor = actors.find(session, user_id)
    if actor is None:
        raise NotAllowed
    return cards(session, actor, [session.get_one(User, user_id)])[0]


def find(session: Session, actor_id: int, identifier: str, permission: Permission = Permission.MANAGE_PEOPLE) -> int:
    """Return the number of a user within scope, found by e-mail address, login or card number (`#7`).

    `permission` is the one that the action to follow needs, so that its lack is reported first. Raises UserNotFound,
    WaitsForApproval.
    """
    actor = authorise(session, actor_id, permission)
    numbered = CARD_NUMBER.fullmatch(identifier.strip())
    user = session.get(User, int(numbered[1])) if numbered else people.by_identifier(session, identifier)
    if user is not None and people.is_waiting(session, actor.scope, user.id):
        raise WaitsForApproval(user.full_name, unconfirmed=user.id in pending_sign_ups.unconfirmed(session, [user.id]))
    if user is None or people.visible(session, actor.scope, user.id) is None:
        raise UserNotFound(identifier.strip())
    return user.id


def add(
    session: Session, actor_id: int, newcomer: Newcomer, password_hash: str | None, department: Address, now: datetime
) -> Card:
    """Add a learner by hand to a department within scope; they are inactive if no seat is left.

    Without a password hash they can't log in before they have set a password by a one-time link.

    Raises DepartmentNotFound, EmailTaken, InvalidForm.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    state = seats.state_of_newcomer(session)
    department_id = department_lookup.find_and_lock(session, actor, department)
    fields = form_fields.active(session)
    learner_creation.check_free(session, newcomer, fields)
    place = Place(
        department_id=department_id,
        state=state,
        login=newcomer.login or people.free_login(session, login_from(newcomer.email)),
        password_hash=password_hash,
        language=account.public(session).language,
    )
    user_id = learner_creation.add(session, newcomer, place, fields, now)
    courses.enrol_newcomer(session, user_id, department_id, account.zone(session), now)
    user = session.get_one(User, user_id)
    after = {"department": list(departments.path(session, department_id)), "state": state}
    audit_log.record(session, actor_id, Action.USER_ADDED, audit_log.of_user(user), now, after=after)
    return cards(session, actor, [user])[0]


def transfer(session: Session, actor_id: int, user_id: int, department: Address, now: datetime) -> Card:
    """Move a user to another department, both within scope, and enrol them by its rules.

    Raises UserNotFound, DepartmentNotFound, DepartmentGone, NotAllowed (also if the user has more rights).
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    department_id = department_lookup.find_and_lock(session, actor, department)
    user = find_for_update(session, actor, user_id)
    change_department(session, DepartmentChange(user=user, to=department_id, by_id=actor_id), now)
    return cards(session, actor, [user])[0]


def activate(session: Session, actor_id: int, user_id: int, now: datetime) -> Card:
    """Reactivate a user; idempotent. Raises UserNotFound, NotAllowed, SeatsTaken."""
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    seat_counter.lock(session)  # before the user's lock, as everywhere
    user = find_for_update(session, actor, user_id)
    if user.state == UserState.INACTIVE:
        if not seat_counter.take(session):
            raise SeatsTaken(account.load(session).seats or 0)
        user.state = UserState.ACTIVE
        sign_up_mail.tell(session, user, MailKind.SEAT_FREE, now)
        telegram_connections.welcome(session, user.id, now)
        audit_log.record(session, actor_id, Action.USER_ACTIVATED, audit_log.of_user(user), now)
        _offer_digests(session, user, now)
    return cards(session, actor, [user])[0]


def _offer_digests(session: Session, user: User, now: datetime) -> None:
    """Tell a person who is active again which of their digests have stopped, if they may resume any."""
    person = actors.find(session, user.id)
    if person is None or not person.may(Permission.RECEIVE_DIGESTS):
        return
    if any(card.resumable for card in digest_cards.stopped(session, person)):
        outbox.notify(session, user.id, Kind.DIGESTS_RESUMABLE, user.id, now)


def deactivate(session: Session, actor_id: int, user_id: int, now: datetime) -> Card:
    """Deactivate a user and end their sessions immediately; their data is kept. Idempotent.

    Raises UserNotFound, NotAllowed, OwnerStays, NotYourself.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    seat_counter.lock(session)  # before the user's lock, as everywhere
    user = find_for_update(session, actor, user_id, to_end=True)
    if user.state == UserState.ACTIVE:
        end_access(session, actor_id, user, now)
    return cards(session, actor, [user])[0]


def end_access(session: Session, by_id: int, user: User, now: datetime) -> None:
    """Make an active, locked user inactive, and end their sessions; the counter of seats must be locked before.

    Rights are not checked here.
    """
    user.state = UserState.INACTIVE
    seat_counter.give_back(session)
    sessions.end_all(session, user.id)
    status_pages.forget(session, user.id)  # they say what became of the sign-up, which is long over
    audit_log.record(session, by_id, Action.USER_DEACTIVATED, audit_log.of_user(user), now)


def delete(session: Session, actor_id: int, user_id: int, now: datetime) -> str:
    """Delete a user: name and department stay in histories, all other data is erased. No activation is returned.

    Returns the name. Raises UserNotFound, NotAllowed, OwnerStays, NotYourself.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    seat_counter.lock(session)  # before the user's lock, as everywhere
    user = find_for_update(session, actor, user_id, to_end=True)
    subject = audit_log.of_user(user)
    erasure.erase(session, user, actor_id, now)
    audit_log.record(session, actor_id, Action.USER_DELETED, subject, now)
    return subject.name


def find_for_update(session: Session, actor: Actor, user_id: int, *, to_end: bool = False) -> User:
    """Find and lock a user within scope whom the actor may change; for staff, the actor must outrank them."""
    user = people.visible(session, actor.scope, user_id, to_change=True)
    if user is None:
        raise UserNotFound(str(user_id))
    if to_end and user.role == Role.OWNER:
        raise OwnerStays
    if to_end and user.id == actor.user_id:
        raise NotYourself
    if user.role in STAFF_ROLES and user.id != actor.user_id:
        person_rights.require_outranks(session, actor, user)
    return user


def cards(session: Session, actor: Actor, found: list[User]) -> list[Card]:
    """Return users' cards, with their managed departments within the actor's scope. Rights are not checked here."""
    zone = account.zone(session)
    manages = {user.id: people.managed_by(session, user.id) for user in found if user.role in MANAGING_ROLES}
    in_scope = departments.within_scope(
        session, actor.scope, {number for numbers in manages.values() for number in numbers}
    )
    paths = departments.paths(session, in_scope | {user.department_id for user in found})
    pending = [user.id for user in found if user.state == UserState.PENDING]
    unconfirmed, declined = pending_sign_ups.unconfirmed(session, pending), pending_sign_ups.declined(session, pending)
    return [
        Card(
            user_id=user.id,
            name=user.full_name,
            email=unconfirmed.get(user.id, user.email),
            login=user.login,
            phone=user.phone,
            job_title=user.job_title,
            state=UserState(user.state),
            role=Role(user.role),
            role_name=session.get_one(CustomRole, user.custom_role_id).name if user.custom_role_id else None,
            department=paths[user.department_id],
            manages=tuple(paths[number] for number in manages.get(user.id, ()) if number in in_scope),
            created_at=user.created_at,
            zone=zone,
            unconfirmed=user.id in unconfirmed,
            declined=user.id in declined,
        )
        for user in found
    ]


def _person(found: Sender) -> Person:
    actor = found.actor
    return Person(
        user_id=actor.user_id,
        first_name=found.first_name,
        role=actor.role,
        permissions=frozenset(permission for permission in actor.permissions if actor.may(permission)),
        language=found.language,
        zone=ZoneInfo(found.zone),
        has_open_form=found.has_open_form,
        chosen_language=found.chosen_language,
    )
