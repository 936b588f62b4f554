"""Export of a profile's activation history with all form values, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Permission, UserState
from core.domain.field_kinds import Kind, Parsed, parsed
from core.domain.field_texts import NO_TRANSLATIONS, Translations, from_stored
from core.domain.ledger import is_undone
from core.domain.tallies import Hidden
from core.services import history
from core.services.authorisation import authorise
from core.storage import account, activations, departments, form_fields, profiles
from core.storage.activations import Found

PAGE = 2000


@dataclass(frozen=True, kw_only=True)
class Column:
    """One of the account's own form fields; `removed`: it is no longer on the form, but people have values of it."""

    field_id: int
    label: str
    kind: Kind
    removed: bool
    translations: Translations = NO_TRANSLATIONS

    def label_in(self, language: str) -> str:
        """Return the label for readers of a language."""
        return self.translations.label(language, self.label)

    def cell(self, value: str, language: str) -> str | Parsed:
        """Return a stored value for a spreadsheet: for calculations, or formatted for readers of a language."""
        found = parsed(self.kind, value, language)
        return self.translations.choice(language, found) if isinstance(found, str) else found


@dataclass(frozen=True, kw_only=True)
class Row:
    """One activation whose learner the viewer may see; `at` is UTC, `department` the learner's current one.

    `values` maps the numbers of custom fields to what the learner entered, as stored. `consent_version` and
    `consent_at` (UTC) say to which version of the privacy policy they agreed, None if they were not asked.
    """

    first_name: str
    last_name: str
    email: str | None
    login: str | None
    phone: str
    job_title: str
    department: tuple[str, ...]
    at: datetime
    label: str
    state: UserState
    returned: bool
    consent_version: int | None
    consent_at: datetime | None
    values: Mapping[int, str]

    @property
    def undone(self) -> bool:
        """Whether the sign-up was undone."""
        return is_undone(returned=self.returned, active=self.state == UserState.ACTIVE)


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some rows, newest first; `older_than` is the next page's `before`, None on the last. The rest is repeated.

    There are rows of those `undone`, too, whom `joined` doesn't count.
    Who holds a place without an account yet has no row; `waiting` and `unconfirmed` are as in `history.History`.
    """

    profile_name: str
    zone: ZoneInfo
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    joined: int
    undone: int
    hidden: Hidden
    older_than: int | None
    waiting: int
    unconfirmed: int


def page(session: Session, actor_id: int, profile_id: int, *, before: int | None = None, size: int = PAGE) -> Page:
    """Return a page of rows, older than the activation `before` if given; call `history.begin_export` first.

    Raises ProfileNotFound.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = history.readable(session, actor, profile_id)
    seen = history.seen(session, actor, profile_id)
    found = activations.page(session, profile_id, actor.scope, before=before, size=size + 1)
    rows = rows_of(session, found[:size])
    is_editable = bool(profiles.editable_among(session, actor.scope, [profile_id]))
    waiting, unconfirmed = history.who_wait(session, profile) if is_editable else (0, 0)
    return Page(
        profile_name=profile.name,
        zone=account.zone(session),
        columns=columns(session),
        rows=rows,
        joined=seen.joined,
        undone=seen.undone,
        hidden=seen.hidden,
        older_than=found[size - 1][0].id if len(found) > size else None,
        waiting=waiting,
        unconfirmed=unconfirmed,
    )


def columns(session: Session) -> tuple[Column, ...]:
    """Return the account's own form fields. Rights are not checked here."""
    fields = (*form_fields.active(session), *form_fields.removed_with_values(session))
    return tuple(
        Column(
            field_id=field.id,
            label=field.label,
            kind=Kind(field.kind),
            removed=field.removed_at is not None,
            translations=from_stored(field.translations),
        )
        for field in fields
    )


def rows_of(session: Session, found: Sequence[Found]) -> tuple[Row, ...]:
    """Describe activations, in their order. Rights are not checked here."""
    paths = departments.paths(session, {user.department_id for _, user, _ in found})
    values = form_fields.values_of(session, [user.id for _, user, _ in found])
    return tuple(
        Row(
            first_name=user.first_name,
            last_name=user.last_name,
            email=user.email,
            login=user.login,
            phone=user.phone,
            job_title=user.job_title,
            department=paths[user.department_id],
            at=activation.at,
            label=link.label,
            state=UserState(user.state),
            returned=activation.returned_at is not None,
            consent_version=user.consent_version,
            consent_at=user.consent_at,
            values=values.get(user.id, {}),
        )
        for activation, user, link in found
    )
