"""The queries of a sign-up: one statement reads all that decides over a link and its form; it is prepared once."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, bindparam, select, true
from sqlalchemy.orm import Session

from core.domain.links import LinkFacts
from core.domain.windows import Window
from core.storage.roster_doors import Doors, only_expected_above
from core.storage.tables import (
    Account,
    Activation,
    CustomField,
    Department,
    Link,
    PendingSignUp,
    Profile,
    Rush,
    User,
    table_of,
)

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class LinkRow:
    """A link, by the names of its columns."""

    id: int
    replaced_at: datetime | None
    personal: bool
    used_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ProfileRow:
    """A profile, by the names of its columns."""

    id: int
    department_id: int
    starts_at: datetime
    ends_at: datetime
    activation_limit: int | None
    used: int
    reserved: int
    paused: bool
    only_expected: bool
    removed_at: datetime | None
    created_by: int


@dataclass(frozen=True, kw_only=True)
class AccountRow:
    """What of the account concerns a sign-up, by the names of its columns."""

    name: str | None
    zone: str
    sign_up_enabled: bool
    seats: int | None
    strong_passwords: bool
    email_domains: list[str]
    email_confirmation: bool
    approval: bool
    last_name_required: bool
    joining: bool
    consent_asked: bool
    privacy_version: int
    language: str | None
    contact: str | None
    accent: str | None
    challenge: str
    logo: str | None
    welcome: str | None
    login_field: str
    phone_field: str
    job_title_field: str


@dataclass(frozen=True, kw_only=True)
class FieldRow:
    """A custom field that isn't removed, by the names of its columns."""

    id: int
    label: str
    kind: str
    choices: list[str]
    required: bool
    at_sign_up: bool
    hint: str
    translations: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A link, even if replaced or removed, with its profile, the account and its form, all of the same moment.

    `activated`: the form has created a complete account; `waiting`: one that waits. `email_taken` and `login_taken`:
    a user has them. `department` is the own name of the profile's, empty for the root; `only_expected_above`: it, or
    one above it, lets in nobody but the people of its roster. `rush_until`: when the last rush through the link is
    over.
    """

    link: LinkRow
    profile: ProfileRow
    account: AccountRow
    fields: tuple[FieldRow, ...]
    department: str
    only_expected_above: bool
    activated: bool
    waiting: bool
    email_taken: bool
    login_taken: bool
    rush_until: datetime | None

    @property
    def is_repeated(self) -> bool:
        """Whether the form was sent before and has created a user."""
        return self.activated or self.waiting

    @property
    def doors(self) -> Doors:
        """Who lets in nobody but the people of their roster."""
        return Doors(own=self.profile.only_expected, above=self.only_expected_above)

    @property
    def facts(self) -> LinkFacts:
        """The facts that decide whether the link is open."""
        return LinkFacts(
            sign_up_enabled=self.account.sign_up_enabled,
            paused=self.profile.paused,
            removed=self.profile.removed_at is not None,
            replaced=self.link.replaced_at is not None,
            personal=self.link.personal,
            spent=self.link.used_at is not None,
            window=Window(starts_at=self.profile.starts_at, ends_at=self.profile.ends_at),
            limit=self.profile.activation_limit,
            used=self.profile.used + self.profile.reserved,
        )


def find(session: Session, token: str, *, form_key: str = "", email: str = "", login: str = "") -> Found | None:
    """Find a link, and what there is of a form: whether it was sent before, whether its address and login are taken."""
    if not token.isprintable():  # can't exist, and PostgreSQL refuses NUL
        return None
    sought = {"token": token, "form_key": form_key, "email": email, "login": login}
    rows = session.connection().execute(_FIND, sought).all()
    if not rows:
        return None
    first = rows[0]
    return Found(
        link=_part(LinkRow, first),
        profile=_part(ProfileRow, first),
        account=_part(AccountRow, first),
        fields=tuple(_part(FieldRow, row) for row in rows if row[_START[FieldRow]] is not None),
        department=first.department,
        only_expected_above=bool(first.only_expected_above),
        activated=first.activated is not None,
        waiting=first.waiting is not None,
        email_taken=first.email_of is not None,
        login_taken=first.login_of is not None,
        rush_until=first.rush_until,
    )


_PARTS = {LinkRow: Link, ProfileRow: Profile, AccountRow: Account, FieldRow: CustomField}
_NAMES = {part: tuple(field.name for field in fields(part)) for part in _PARTS}
_LINK, _PROFILE, _ACCOUNT, _FIELD = (table_of(model) for model in _PARTS.values())
_DEPARTMENT = table_of(Department)


def _known(model: type[Activation | PendingSignUp | Rush | User], column: str, sought: str, result: str) -> Any:  # noqa: ANN401 - SQLAlchemy's
    table = table_of(model)
    return select(table.c[result]).where(table.c[column] == bindparam(sought)).scalar_subquery()


_FIND = (
    select(
        _known(Activation, "form_key", "form_key", "user_id").label("activated"),
        _known(PendingSignUp, "form_key", "form_key", "user_id").label("waiting"),
        _known(User, "email", "email", "id").label("email_of"),
        _known(User, "login", "login", "id").label("login_of"),
        _known(Rush, "subject", "token", "until").label("rush_until"),
        _DEPARTMENT.c.name.label("department"),
        only_expected_above(_PROFILE.c.department_id).label("only_expected_above"),
        *(table_of(model).c[name] for part, model in _PARTS.items() for name in _NAMES[part]),
    )
    .select_from(_LINK)
    .join(_PROFILE, _PROFILE.c.id == _LINK.c.profile_id)
    .join(_DEPARTMENT, _DEPARTMENT.c.id == _PROFILE.c.department_id)
    .join(_ACCOUNT, true())
    .outerjoin(_FIELD, _FIELD.c.removed_at.is_(None))
    .where(_LINK.c.token == bindparam("token"))
    .order_by(_FIELD.c.position, _FIELD.c.id)
)
_ABOUT_THE_FORM = 7  # the columns before those of the parts
_START = {
    part: _ABOUT_THE_FORM + sum(len(_NAMES[earlier]) for earlier in list(_PARTS)[:number])
    for number, part in enumerate(_PARTS)
}


def _part(part: type[T], row: Row[Any]) -> T:
    names, start = _NAMES[part], _START[part]
    return part(**dict(zip(names, row[start : start + len(names)], strict=True)))
