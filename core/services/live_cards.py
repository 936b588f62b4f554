"""Live cards: cards of profiles in groups, and those that people sent via the bot; they follow what is true.

A card has a row. One process at a time may edit it, from its claim until a minute after the edit; if the process ends
in between, the card is edited a minute after the claim. An edit to what a card shows already changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.outbox import Kind
from core.domain.text import tidy
from core.errors import CardGone, Conflict
from core.services import audit_log, outbox, profiles
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.services.group_digests import LONGEST_TITLE, Group
from core.services.live_card_faces import Face, faces_of
from core.storage import live_cards as stored
from core.storage import profiles as stored_profiles
from core.storage.database import refusing
from core.storage.live_cards import Shown
from core.storage.tables import LiveCard, Profile

BETWEEN = timedelta(minutes=1)  # edits of one card
AT_MOST = 20  # claimed at once
KEPT = timedelta(days=30)  # after its end, or its profile's
STOPPED = "stopped"  # in place of a fingerprint


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A card that is to be sent to a group, and the message (None: none) that showed it there before."""

    card_id: int
    face: Face
    instead_of: int | None


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A card that is to be edited; `face` None: it is to say that it was taken out.

    Either `inline_message_id` or `chat_id` and `message_id` name its message. Without either message it is to be sent
    anew to the chat.
    """

    card_id: int
    language: str
    name: str
    face: Face | None
    inline_message_id: str | None
    chat_id: int | None
    message_id: int | None

    @property
    def wanted(self) -> str:
        """What it is to show, as `edited` takes it."""
        return STOPPED if self.face is None else self.face.seen


@dataclass(frozen=True, kw_only=True)
class InGroup:
    """A card in a group; the title is a stranger's text."""

    card_id: int
    title: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A card that its message no longer shows, for the person who put it there."""

    profile_id: int
    profile_name: str
    title: str


def post(session: Session, actor_id: int, profile_id: int, group: Group, language: str, now: datetime) -> Posted:
    """Put the card of a profile into a group, in place of the one that is there.

    `sent` has to be told the number of its message. Raises ProfileNotFound, ProfileReadOnly.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.find_for_update(session, actor, profile_id)
    shows = faces_of(session, [profile], now)[profile.id]
    title = tidy(group.title[:LONGEST_TITLE])
    card = stored.in_chat(session, group.chat_id, profile.id)
    before = None if card is None else card.message_id
    if card is None:
        card = _new(profile, actor_id, language, shows.seen, now)
        card.chat_id = group.chat_id
        audit_log.record(session, actor_id, Action.CARD_POSTED, _subject(profile), now, after={"group": title})
    card.thread_id, card.message_id, card.chat_title = group.thread_id, None, title
    card.by_id, card.language, card.stopped = actor_id, language, False
    card.shown, card.next_at = shows.seen, now + BETWEEN
    session.add(card)
    with refusing(session, uq_live_card_chat_id_profile_id=Conflict()):
        session.flush()
    return Posted(card_id=card.id, face=shows, instead_of=before)


def sent(session: Session, card_id: int, message_id: int) -> None:
    """Keep the number of the message that shows a card in a group."""
    stored.sent(session, card_id, message_id)


def shared(
    session: Session, actor_id: int, profile_id: int, inline_message_id: str, shows: str, language: str, now: datetime
) -> None:
    """Keep a card that a person sent via the bot, to be edited; `shows` is the fingerprint of what it shows.

    Raises ProfileNotFound, ProfileReadOnly.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.editable(session, actor, profile_id)
    if stored.of_message(session, inline_message_id) is None:
        card = _new(profile, actor_id, language, shows, now)
        card.inline_message_id = inline_message_id
        session.add(card)
        with refusing(session, uq_live_card_inline_message_id=Conflict()):
            session.flush()


def in_groups(session: Session, actor_id: int, profile_id: int) -> tuple[str, tuple[InGroup, ...]]:
    """Return a profile's name, and its cards in groups. Raises ProfileNotFound, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.editable(session, actor, profile_id)
    found = stored.in_groups(session, profile_id)
    cards = (InGroup(card_id=each.id, title=each.chat_title, since=each.created_at) for each in found)
    return profile.name, tuple(cards)


def stop(session: Session, actor_id: int, card_id: int, now: datetime) -> int:
    """Take a card out of its group, and return its profile's number.

    Its message is edited once more, to say so. Raises CardGone, also for a profile that the acting user can't change.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    card = stored.by_number(session, card_id)
    profile = None if card is None else stored_profiles.editable(session, actor.scope, card.profile_id)
    if card is None or profile is None:
        raise CardGone
    card.stopped = True
    if card.message_id is None:
        card.ended_at = now
    after = {"group": card.chat_title}
    audit_log.record(session, actor_id, Action.CARD_TAKEN_OUT, _subject(profile), now, before=after, after={})
    return card.profile_id


def any_due(session: Session, now: datetime) -> bool:
    """Return whether `claim` would claim any card; cheap, without locks."""
    return bool(_outdated(session, now)[0])


def claim(session: Session, now: datetime) -> list[Claimed]:
    """Claim cards that show something else than what is true, and may be edited by now."""
    outdated, faces = _outdated(session, now)
    claimed: list[Claimed] = []
    for each in outdated:
        if (room := AT_MOST - len(claimed)) > 0:
            cards = stored.claim(session, each, now, now + BETWEEN, at_most=room)
            claimed += [_claimed(card, faces[card.profile_id]) for card in cards]
    return claimed


def edited(session: Session, card_id: int, shows: str, now: datetime) -> None:
    """Keep what a card shows since now. One that says that it was taken out ends."""
    if shows == STOPPED:
        stored.end(session, card_id, now)
    else:
        stored.edited(session, card_id, shows, now + BETWEEN)


def postpone(session: Session, card_id: int, next_at: datetime) -> None:
    """Let a card that was not edited be edited at `next_at` or later."""
    stored.postpone(session, card_id, next_at)


def lose(session: Session, card_id: int, now: datetime) -> None:
    """End a card whose message can no longer be edited; if it is in a group, tell who put it there."""
    _tell(session, stored.end(session, card_id, now), now)


def chat_lost(session: Session, chat_id: int, now: datetime) -> None:
    """End the cards in a group from which the bot was removed; tell who put them there."""
    for card in stored.end_in_chat(session, chat_id, now):
        _tell(session, card, now)


def chat_moved(session: Session, old_id: int, new_id: int, now: datetime) -> None:
    """Let the cards in a group be sent anew to the supergroup that it became: their messages can't be edited there."""
    stored.move_chat(session, old_id, new_id, now)


def begin_sending(session: Session, card: Claimed) -> bool:
    """Record that a card is sent anew, so that it is never sent twice; return False if it isn't to be any more."""
    return stored.begin_sending(session, card.card_id, card.wanted)


def send_later(session: Session, card_id: int, next_at: datetime) -> None:
    """Put a card back that certainly was not sent anew, to be sent at `next_at` or later."""
    stored.send_later(session, card_id, next_at)


def lost(session: Session, recipient_id: int, card_id: int) -> Lost:
    """Return what was lost, for the notice. Raises CardGone, also for a profile that the recipient can't change."""
    actor = authorise(session, recipient_id, Permission.MANAGE_PROFILES)
    card = session.get(LiveCard, card_id)
    profile = None if card is None else stored_profiles.editable(session, actor.scope, card.profile_id)
    if card is None or profile is None:
        raise CardGone
    return Lost(profile_id=profile.id, profile_name=profile.name, title=card.chat_title)


def sweep(session: Session, now: datetime) -> None:
    """Delete what ended longer ago than KEPT, and the cards of profiles that did."""
    stored.sweep(session, now - KEPT)


def _new(profile: Profile, actor_id: int, language: str, shows: str, now: datetime) -> LiveCard:
    return LiveCard(
        profile_id=profile.id,
        by_id=actor_id,
        language=language,
        chat_title="",
        shown=shows,
        next_at=now + BETWEEN,
        stopped=False,
        created_at=now,
    )


def _subject(profile: Profile) -> Subject:
    return profiles.subject(profile)


def _claimed(card: LiveCard, shows: Face) -> Claimed:
    return Claimed(
        card_id=card.id,
        language=card.language,
        name=shows.name,
        face=None if card.stopped else shows,
        inline_message_id=card.inline_message_id,
        chat_id=card.chat_id,
        message_id=card.message_id,
    )


def _outdated(session: Session, now: datetime) -> tuple[list[Shown], Mapping[int, Face]]:
    """Return what is shown by cards that may be edited by now and isn't true, and the faces of their profiles."""
    if not (shown := stored.shown(session, now)):
        return [], {}
    faces = faces_of(session, stored_profiles.by_numbers(session, {each.profile_id for each in shown}), now)
    wanted = (STOPPED if each.stopped else faces[each.profile_id].seen for each in shown)
    return [each for each, what in zip(shown, wanted, strict=True) if each.what != what], faces


def _tell(session: Session, card: LiveCard | None, now: datetime) -> None:
    """Tell who put a card into a group that it has ended there, unless that was asked for."""
    if card is not None and card.chat_id is not None and not card.stopped:
        outbox.notify(session, card.by_id, Kind.CARD_LOST, card.id, now)
