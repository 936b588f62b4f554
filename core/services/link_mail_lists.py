"""Lists of people to send a profile's link to: asked for, previewed, and sent or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission, Scope
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.left_out import Group, LeftOut, PeopleLeftOut
from core.domain.rosters import RosterOf
from core.rosters.people_lists import ListedPerson
from core.services import audit_log, link_letters, link_mails, questions, roster_additions, roster_links
from core.services import profiles as profile_services
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.link_letters import LinkContent
from core.services.link_mails import MOST_NAMED, LinkMails, Sending
from core.services.questions import About
from core.services.roster_additions import TurnedAway
from core.storage import account, personal_links, profiles, refused_links, roster_addresses, roster_doors
from core.storage import link_mails as stored
from core.storage import rosters as expected

MOST_MISSING = 10_000


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What sending a link to a list would do, and `seen`, which identifies it; nothing is sent yet.

    Of its people with an address `left_out` names all who get nothing, in the order of the list, but of those who
    signed up only who is within the viewer's scope now, whose accounts alone it tells of;
    `new` are the rest, the first MOST_NAMED of whom are `named`.
    `unlisted` are those whom rosters would turn away. `left` messages can be queued today; `places` are left in the
    profile (None: no limit). `content` is what a message says, in `language`.
    """

    profile_id: int
    new: int
    named: tuple[ListedPerson, ...]
    left: int
    places: int | None
    content: LinkContent
    organisation: str | None
    language: str
    seen: str
    unlisted: TurnedAway
    left_out: PeopleLeftOut


@dataclass(frozen=True, kw_only=True)
class _Sorted:
    """To whom a link is to be sent, and by reason which addresses get nothing: each with whether it may be shown."""

    new: list[ListedPerson]
    left_out: Mapping[LeftOut, Mapping[str, bool]]


def missing(session: Session, actor_id: int, of: RosterOf, through: int) -> list[ListedPerson]:
    """Return the expected people who haven't come and have an address, to send them the link of a profile.

    Raises ProfileNotFound, ProfileReadOnly, DepartmentGone, RootDepartment, LinkLeadsElsewhere.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_links.require(session, actor, of, through)
    found = expected.missing(session, holder.of, after=0, size=MOST_MISSING)
    return [
        ListedPerson(row=place, first_name=each.first_name, last_name=each.last_name, email=each.email)
        for place, each in enumerate(found, 1)
        if each.email
    ]


def preview(
    session: Session,
    actor_id: int,
    profile_id: int,
    people: Sequence[ListedPerson],
    now: datetime,
    *,
    most: int | None,
    language: str,
    suspended: Sequence[ListedPerson] = (),
) -> Preview:
    """Preview a link to these people, but not to those `suspended`. Raises ProfileNotFound, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profile_services.editable(session, actor, profile_id)
    parted = _sorted(session, actor.scope, profile_id, people)
    return Preview(
        profile_id=profile_id,
        new=len(parted.new),
        named=tuple(parted.new[:MOST_NAMED]),
        left=link_mails.left_today(session, now, most or 0),
        places=profiles.facts(profile, sign_up_enabled=True).places_left,
        content=link_letters.link_content(session, profile_id, actor_id, now),
        organisation=(row := account.public(session)).name,
        language=row.language or language,
        seen=_seen(parted.new),
        unlisted=roster_additions.unlisted(session, actor, profile_id, parted.left_out[LeftOut.NOT_LISTED]),
        left_out=_left_out(parted, people, suspended),
    )


def send(
    session: Session,
    actor_id: int,
    question_id: int,
    people: Sequence[ListedPerson],
    now: datetime,
    sending: Sending,
    *,
    seen: str,
    of: RosterOf | None = None,
) -> LinkMails:
    """Queue the link for those of a previewed list who haven't got it, and answer the question.

    `of`: the roster whose missing people they are, about which is answered. Raises QuestionClosed, PreviewOutdated,
    NoMailServer, LinkClosed, NobodyToSend, TooManyMails, and what `link_mails.show` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    body = questions.answer(session, actor_id, question_id, About.LINK_MAIL, now)
    profile = profile_services.find_for_update(session, actor, body["profile"])
    holder = link_mails.holder_of(session, actor, of, profile.id)
    new = _sorted(session, actor.scope, profile.id, people).new
    refuse_if_outdated(seen, _seen(new))
    added = stored.add(session, profile.id, [roster_additions.invited(each) for each in new], actor_id, now)
    if sending.personal and added:
        personal_links.add(session, profile.id, {number: profile_services.new_token() for number in added})
    link_mails.queue(session, actor_id, profile, added, now, sending)
    after = {"addresses": len(added), "personal": sending.personal}
    audit_log.record(session, actor_id, Action.LINK_SENT, profile_services.subject(profile), now, after=after)
    return link_mails.summary(session, actor, profile, now, holder)


def add_to_lists(
    session: Session, actor_id: int, profile_id: int, people: Sequence[ListedPerson], now: datetime, *, seen: str
) -> None:
    """Put those whom a preview left out as `unlisted` on the rosters that would turn them away.

    Raises ProfileNotFound, ProfileReadOnly, PreviewOutdated, DepartmentGone, ListTooLong.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile_services.editable(session, actor, profile_id)
    emails = _sorted(session, actor.scope, profile_id, people).left_out[LeftOut.NOT_LISTED]
    unlisted = [roster_additions.invited(each) for each in people if each.email in emails]
    roster_additions.add(session, actor, profile_id, unlisted, now, seen=seen)


def _sorted(session: Session, scope: Scope, profile_id: int, people: Sequence[ListedPerson]) -> _Sorted:
    """Part people by what stands in the way of a link; for the first reason that applies."""
    by_email = {each.email: each for each in people if each.email}
    emails = list(by_email)
    signed_up = stored.signed_up(session, scope, profile_id, emails)
    elsewhere = roster_addresses.with_account(session, scope, emails) - signed_up.keys()
    known = signed_up.keys() | elsewhere
    away = roster_doors.turned_away(session, {profile_id: emails}).get(profile_id, set()) - known
    receiving = stored.receiving(session, profile_id, emails) - known - away
    refused = refused_links.among(session, profile_id, receiving)
    enough = stored.written_enough(session, profile_id, emails) - known - away - receiving
    left_out = {
        LeftOut.SIGNED_UP: signed_up,
        LeftOut.HAS_ACCOUNT: dict.fromkeys(elsewhere, True),
        LeftOut.NOT_LISTED: dict.fromkeys(away, True),
        LeftOut.HAS_LINK: dict.fromkeys(receiving - refused, True),
        LeftOut.REFUSED: dict.fromkeys(refused, True),
        LeftOut.WRITTEN_ENOUGH: dict.fromkeys(enough, True),
    }
    out = set[str]().union(*left_out.values())
    return _Sorted(new=[each for email, each in by_email.items() if email not in out], left_out=left_out)


def _left_out(parted: _Sorted, people: Sequence[ListedPerson], suspended: Sequence[ListedPerson]) -> PeopleLeftOut:
    aside = tuple(each.contact for each in suspended if each.email)
    groups = {reason: _named(people, shown) for reason, shown in parted.left_out.items() if shown}
    return {LeftOut.SUSPENDED: Group(people=aside), **groups} if aside else groups


def _named(people: Sequence[ListedPerson], shown: Mapping[str, bool]) -> Group:
    """Return the names and addresses of those of the people who have one of these and may be shown, each once."""
    contacts = tuple({each.email: each.contact for each in people if shown.get(each.email)}.values())
    return Group(people=contacts, hidden=len(shown) - len(contacts))


def _seen(people: Sequence[ListedPerson]) -> str:
    return fingerprint([each.email for each in people])
