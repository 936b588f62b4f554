"""Links of sign-up profiles: labelled links, replacement, and the check whether a link works."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.links import LinkState, link_state
from core.domain.moments import parse_moment
from core.domain.naming import clean_name
from core.domain.text import key
from core.errors import LabelExists, LabelNotFound, PreviewOutdated, UnknownLink
from core.services import audit_log, profiles
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.profiles import Card
from core.storage import account
from core.storage import profiles as stored
from core.storage.database import refusing
from core.storage.tables import Link

TOKEN = re.compile(r"(?:.*/s/)?([\w-]{1,64})(?:[/?#].*)?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The state of a link at `instant` (UTC); `label` is the link's own, empty for the main one.

    `repeated` is the typed wall-clock time (naive) if it occurs twice; the first was used.
    """

    state: LinkState
    token: str
    label: str
    instant: datetime
    repeated: datetime | None
    card: Card


def add(session: Session, actor_id: int, profile_id: int, label: str, now: datetime) -> Card:
    """Add a labelled link to a profile; the history shows the label, and all links share the profile's limit.

    Raises ProfileNotFound, ProfileReadOnly, InvalidName, LabelExists.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    label = clean_name(label)
    profile = profiles.find_for_update(session, actor, profile_id)
    with refusing(session, uq_link_profile_id_label_key=LabelExists(label)):
        session.add(_new(profile.id, label))
    audit_log.record(session, actor_id, Action.LINK_ADDED, profiles.subject(profile), now, after={"label": label})
    return profiles.card_of(session, actor, profile, now)


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
    if found is None or not stored.is_known(session, actor.scope, found[1].id):
        raise UnknownLink
    row = account.load(session)
    typed = parse_moment(time, account.zone(session), now) if time.strip() else None
    facts = stored.facts(found[1], sign_up_enabled=row.sign_up_enabled, link=found[0])
    instant = typed.instant if typed else now
    return Checked(
        state=link_state(facts, instant),
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


def _new(profile_id: int, label: str) -> Link:
    return Link(profile_id=profile_id, token=profiles.new_token(), label=label, label_key=key(label))
