"""Links of sign-up profiles: labelled links, replacement, and the check whether a link works."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.limits import FAILED_BY_TICKET, Attempt
from core.domain.links import LinkState, link_state
from core.domain.moments import parse_moment
from core.domain.naming import clean_name
from core.domain.text import key
from core.errors import LabelExists, LabelNotFound, PreviewOutdated, UnknownLink
from core.services import audit_log, limits, profiles
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.profiles import Card
from core.services.roster_doors import ClosedBy
from core.storage import account, link_counts, rosters
from core.storage import profile_links as stored
from core.storage import profiles as stored_profiles
from core.storage.database import refusing
from core.storage.tables import Link, Profile

TOKEN = re.compile(r"(?:.*/s/)?([\w-]{1,64})(?:[/?#].*)?", re.ASCII)

MOST_LABELS = 500  # to choose from


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The state of a link at `instant` (UTC); `label` is the link's own, empty for the main one.

    `repeated` is the typed wall-clock time (naive) if it occurs twice; the first was used. `closed_by`: whose rosters
    let in only their people now, if the link is open; None: none do.
    """

    state: LinkState
    closed_by: ClosedBy | None
    token: str
    label: str
    instant: datetime
    repeated: datetime | None
    card: Card


@dataclass(frozen=True, kw_only=True)
class LabelOf:
    """The label of a link, and the profile to which it leads."""

    profile_id: int
    name: str
    label: str


@dataclass(frozen=True, kw_only=True)
class CountedLink:
    """A link of a profile that works, with what came of it; `label` is empty for the main one.

    `tried` counts the posted forms that were read, also those that failed (a visitor's once a day) or wait, `completed`
    those that made an account. Opening a page is counted nowhere: messengers and mail scanners do that.
    """

    label: str
    token: str
    tried: int
    completed: int


@dataclass(frozen=True, kw_only=True)
class FailedForm:
    """A posted form that was refused: the `ticket` of its visitor at this link, and what noting it counts as.

    `email` is the address in it, `field` the first field to correct, if there are any, or NOT_ON_LIST.
    """

    ticket: str
    attempts: Sequence[Attempt] = ()
    email: str | None = None
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A profile's card, and its links: the main one first, then by label."""

    card: Card
    links: tuple[CountedLink, ...]


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A profile's card, and the link that got a label."""

    card: Card
    link: CountedLink


def add(session: Session, actor_id: int, profile_id: int, label: str, now: datetime) -> Labelled:
    """Add a labelled link to a profile; the history shows the label, and all links share the profile's limit.

    Raises ProfileNotFound, ProfileReadOnly, InvalidName, LabelExists.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    label = clean_name(label)
    profile = profiles.find_for_update(session, actor, profile_id)
    with refusing(session, uq_link_profile_id_label_key=LabelExists(label)):
        session.add(_new(profile.id, label))
    audit_log.record(session, actor_id, Action.LINK_ADDED, profiles.subject(profile), now, after={"label": label})
    return _labelled(session, actor, profile, label, now)


def labelled(session: Session, actor_id: int) -> list[LabelOf]:
    """List the labels of the links that the acting user may rename, of the newest profiles first, up to MOST_LABELS."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    found = stored.labelled_links(session, actor.scope, at_most=MOST_LABELS)
    return [LabelOf(profile_id=profile.id, name=profile.name, label=link.label) for link, profile in found]


def listing(session: Session, actor_id: int, profile_id: int, now: datetime) -> Listing:
    """List a profile's links with their counts. Raises ProfileNotFound, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return _listing(session, actor, profiles.editable(session, actor, profile_id), now)


def rename(session: Session, actor_id: int, profile_id: int, label: str, new: str, now: datetime) -> Labelled:
    """Give a labelled link another label, also in the history; its address and its counts stay.

    Raises ProfileNotFound, ProfileReadOnly, LabelNotFound (the main link has no label), InvalidName, LabelExists.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    label, new = label.strip(), clean_name(new)
    profile = profiles.find_for_update(session, actor, profile_id)
    found = stored.link(session, profile.id, label) if label else None
    if found is None:
        raise LabelNotFound(label)
    before = found.label
    with refusing(session, uq_link_profile_id_label_key=LabelExists(new)):
        stored.label_links(session, profile.id, found.label_key, new)
    audit_log.record(
        session,
        actor_id,
        Action.LINK_RENAMED,
        profiles.subject(profile),
        now,
        before={"label": before},
        after={"label": new},
    )
    return _labelled(session, actor, profile, new, now)


def note_failure(session: Session, token: str, form: FailedForm, now: datetime) -> None:
    """Count who sent a form that was refused; of an expected person, note what stopped it, if that is known.

    Raises TooManyAttempts.
    """
    limits.count(session, form.attempts, now)
    if limits.try_count(session, Attempt(limit=FAILED_BY_TICKET, subject=form.ticket), now):
        link_counts.add_failure(session, token)
    if form.field:
        rosters.note_try(session, token, form.email or "", form.field, now)


def replace(
    session: Session, actor_id: int, profile_id: int, now: datetime, *, label: str = "", seen: str | None = None
) -> Card:
    """Replace a profile's main link, or the one with a label; visitors of the old one are told that it was replaced.

    Raises ProfileNotFound, ProfileReadOnly, LabelNotFound, and PreviewOutdated if the token is not the `seen` one.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.find_for_update(session, actor, profile_id)
    old = stored.link(session, profile.id, label.strip())
    if old is None:
        raise LabelNotFound(label)
    if seen is not None and old.token != seen:
        raise PreviewOutdated
    old.replaced_at = now
    session.flush()
    session.add(_new(profile.id, old.label))
    audit_log.record(
        session, actor_id, Action.LINK_REPLACED, profiles.subject(profile), now, after={"label": old.label}
    )
    session.flush()
    return profiles.card_of(session, actor, profile, now)


def check(session: Session, actor_id: int, link: str, time: str, now: datetime) -> Checked:
    """Return the state of a link (an address or a token) at a typed time (empty: now).

    Raises UnknownLink, also for profiles outside the acting user's scope, and whatever `parse_moment` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    match = TOKEN.fullmatch(link.strip())
    found = stored.by_token(session, match[1]) if match else None
    if found is None or not stored_profiles.is_known(session, actor.scope, found[1].id):
        raise UnknownLink
    row = account.load(session)
    typed = parse_moment(time, account.zone(session), now) if time.strip() else None
    facts = stored_profiles.facts(found[1], sign_up_enabled=row.sign_up_enabled, link=found[0])
    instant = typed.instant if typed else now
    state = link_state(facts, instant)
    return Checked(
        state=state,
        closed_by=profiles.closed_by(session, actor, found[1]) if state is LinkState.OPEN else None,
        token=found[0].token,
        label=found[0].label,
        instant=instant,
        repeated=typed.repeated if typed else None,
        card=profiles.cards(session, actor, [found[1]], now)[0],
    )


def find_copied(session: Session, tokens: Sequence[str]) -> str | None:
    """Return the first of these tokens that a link has, whatever its state; None if there is none. It is public."""
    known = stored.known_tokens(session, tokens)
    return next((token for token in tokens if token in known), None)


def _listing(session: Session, actor: Actor, profile: Profile, now: datetime) -> Listing:
    counts, none = link_counts.of_profile(session, profile.id), link_counts.Counts()
    card = profiles.cards(session, actor, [profile], now)[0]
    named = [("", card.token), *((share.label, share.token) for share in card.shares)]
    counted = [(label, token, counts.get(key(label), none)) for label, token in named]
    return Listing(
        card=card,
        links=tuple(
            CountedLink(label=label, token=token, tried=each.tried, completed=each.completed)
            for label, token, each in counted
        ),
    )


def _labelled(session: Session, actor: Actor, profile: Profile, label: str, now: datetime) -> Labelled:
    found = _listing(session, actor, profile, now)
    return Labelled(card=found.card, link=next(link for link in found.links if key(link.label) == key(label)))


def _new(profile_id: int, label: str) -> Link:
    return Link(profile_id=profile_id, token=profiles.new_token(), label=label, label_key=key(label))
