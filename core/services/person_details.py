"""Everything about one person, for users who manage people."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, Role, UserState
from core.domain.field_kinds import Kind, shown
from core.domain.field_texts import NO_TRANSLATIONS, Translations, from_stored
from core.domain.fingerprint import fingerprint
from core.domain.ledger import is_undone
from core.errors import UserNotFound
from core.services import courses, mail_outbox, people, person_rights
from core.services.authorisation import authorise
from core.services.courses import MyCourse
from core.services.mail_outbox import Refused
from core.storage import activations, digests, email_changes, form_fields, profiles, roles
from core.storage import people as stored
from core.storage.tables import User


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A person's value of a custom field."""

    label: str
    kind: Kind
    value: str
    translations: Translations = NO_TRANSLATIONS

    def label_in(self, language: str) -> str:
        """Return the field's label for readers of a language."""
        return self.translations.label(language, self.label)

    def shown(self, language: str) -> str:
        """Format the value for readers of a language."""
        return self.translations.choice(language, shown(self.kind, self.value, language))


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """The activation by which a person signed up; `at` is UTC, `may_return` decides whether to offer its return.

    `returned`, `undone`: as in `history.Entry`.
    """

    activation_id: int
    profile_id: int
    profile_name: str
    at: datetime
    returned: bool
    undone: bool
    may_return: bool


@dataclass(frozen=True, kw_only=True)
class Consent:
    """The version of the privacy policy that a person agreed to, and when (UTC)."""

    version: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What else ends with a person: their digests, any in a group or not, and the open invitations that they made."""

    digests: int
    digest_in_group: bool
    invitations: int


@dataclass(frozen=True, kw_only=True)
class PersonDetails:
    """A person's card, field values and courses; the `may_...` flags decide what is offered, use cases check again.

    `new_email` is one that the person has yet to confirm. `mail_refused`: the last e-mail message to their address was
    refused. `arrival` None: they did not sign up through a profile, or the viewer may not read that profile.
    """

    card: people.Card
    filled: tuple[Filled, ...]
    courses: tuple[MyCourse, ...]
    arrival: Arrival | None
    consent: Consent | None
    mail_refused: Refused | None
    new_email: str | None
    ending: Ending
    may_change: bool
    may_end: bool
    may_assign: bool
    may_invite: bool
    may_enrol: bool

    @property
    def seen(self) -> str:
        """The fingerprint of what the question before a removal names."""
        card, filled, titles = self.card, [each.label for each in self.filled], [each.title for each in self.courses]
        person = card.name, card.email, card.login, card.role, card.role_name, sorted(card.manages)
        return fingerprint(person, filled, titles, self.arrival is not None, self.ending)


def show(session: Session, actor_id: int, user_id: int, now: datetime) -> PersonDetails:
    """Return everything about a user within scope. Needs the permission to manage people; raises UserNotFound."""
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    user = stored.visible(session, actor.scope, user_id)
    if user is None:
        raise UserNotFound(str(user_id))
    may_change = person_rights.may_change(session, actor, user)
    may_end = may_change and user.role != Role.OWNER and user.id != actor_id
    return PersonDetails(
        card=people.cards(session, actor, [user])[0],
        filled=_filled(session, user_id),
        courses=tuple(courses.mine(session, user_id, now)),
        arrival=_arrival(session, actor, user),
        consent=consent_of(user),
        mail_refused=mail_outbox.refused_of(session, user.id, user.email) if user.email else None,
        new_email=change.email if (change := email_changes.of_user(session, user_id, now)) else None,
        ending=_ending(session, user, now),
        may_change=may_change,
        may_end=may_end,
        may_assign=may_end and actor.may(Permission.MANAGE_ROLES),
        may_invite=may_change and person_rights.may_enter(user) and actor.may(Permission.MANAGE_ROLES),
        may_enrol=actor.may(Permission.MANAGE_COURSES),
    )


def _ending(session: Session, user: User, now: datetime) -> Ending:
    scheduled = [digest for digest in digests.of_user(session, user.id) if digest.next_due is not None]
    return Ending(
        digests=len(scheduled),
        digest_in_group=any(digest.chat_id != user.telegram_id for digest in scheduled),
        invitations=sum(each.created_by == user.id for each in roles.open_invitations(session, now)),
    )


def consent_of(user: User) -> Consent | None:
    """Return what a user agreed to at sign-up, None if they were not asked."""
    if user.consent_version is None or user.consent_at is None:
        return None
    return Consent(version=user.consent_version, at=user.consent_at)


def _filled(session: Session, user_id: int) -> tuple[Filled, ...]:
    values = form_fields.values_of(session, [user_id]).get(user_id, {})
    return tuple(
        Filled(
            label=row.label,
            kind=Kind(row.kind),
            value=values[row.id],
            translations=from_stored(row.translations),
        )
        for row in form_fields.active(session)
        if row.id in values
    )


def _arrival(session: Session, actor: Actor, user: User) -> Arrival | None:
    found = activations.of_user(session, user.id)
    if found is None or not actor.may(Permission.MANAGE_PROFILES):
        return None
    profile = profiles.readable(session, actor.scope, found.profile_id)
    if profile is None:
        return None
    returned = found.returned_at is not None
    return Arrival(
        activation_id=found.id,
        profile_id=profile.id,
        profile_name=profile.name,
        at=found.at,
        returned=returned,
        undone=is_undone(returned=returned, active=user.state == UserState.ACTIVE),
        may_return=not returned and bool(profiles.editable_among(session, actor.scope, [profile.id])),
    )
