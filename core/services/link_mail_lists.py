"""Lists of people to send a profile's link to: asked for, previewed, and sent or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission, Scope
from core.domain.contacts import Contact
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.left_out import Group, LeftOut, PeopleLeftOut
from core.domain.link_mails import RESENT_AFTER
from core.domain.rosters import RosterOf
from core.rosters.reading import ListedPerson
from core.services import audit_log, link_letters, link_mails, questions, roster_holders
from core.services import profiles as profile_services
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.link_letters import LinkContent
from core.services.link_mails import LinkMails, Sending
from core.services.questions import About
from core.storage import account, personal_links, refused_links
from core.storage import link_mails as stored
from core.storage import rosters as expected
from core.storage.link_mails import NewRecipient

MOST_MISSING = 10_000


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What sending a link to a list would do, and `seen`, which identifies it; nothing is sent yet.

    Of its people with an address `signed_up` did so through this profile, to `receiving` the link is sent already, and
    from `refused` it came back, or couldn't be sent; `new` are the others. `left` messages can be queued today.
    `content` is what a message says, in `language`. `left_out` are those who get nothing, in the order of the list; of
    those who signed up, only who is within the viewer's scope now is named.
    """

    profile_id: int
    new: int
    signed_up: int
    receiving: int
    refused: int
    left: int
    content: LinkContent
    organisation: str | None
    language: str
    seen: str
    left_out: PeopleLeftOut


def missing(session: Session, actor_id: int, of: RosterOf) -> list[ListedPerson]:
    """Return the expected people who haven't come and have an address.

    Raises ProfileNotFound, ProfileReadOnly, DepartmentGone, RootDepartment.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
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
) -> Preview:
    """Return what sending a profile's link to these people would do. Raises ProfileNotFound, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile_services.editable(session, actor, profile_id)
    new, signed_up, receiving = _sorted(session, actor.scope, profile_id, people, now)
    refused = refused_links.among(session, profile_id, receiving)
    row = account.public(session)
    return Preview(
        profile_id=profile_id,
        new=len(new),
        signed_up=len(signed_up),
        receiving=len(receiving) - len(refused),
        refused=len(refused),
        left=link_mails.left_today(session, now, most or 0),
        content=link_letters.link_content(session, profile_id, actor_id, now),
        organisation=row.name,
        language=row.language or language,
        seen=_seen(new),
        left_out=_left_out(people, signed_up, receiving, refused),
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
) -> LinkMails:
    """Queue the link for those of a previewed list who haven't got it, and answer the question.

    Raises QuestionClosed, ProfileNotFound, ProfileReadOnly, PreviewOutdated, NoMailServer, LinkClosed, NobodyToSend,
    TooManyMails.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    body = questions.answer(session, actor_id, question_id, About.LINK_MAIL, now)
    profile = profile_services.find_for_update(session, actor, body["profile"])
    new, _, _ = _sorted(session, actor.scope, profile.id, people, now)
    refuse_if_outdated(seen, _seen(new))
    added = stored.add(session, profile.id, new, actor_id, now)
    if sending.personal and added:
        personal_links.add(session, profile.id, {number: profile_services.new_token() for number in added})
    link_mails.queue(session, actor_id, profile, added, now, sending)
    after = {"addresses": len(added), "personal": sending.personal}
    audit_log.record(session, actor_id, Action.LINK_SENT, profile_services.subject(profile), now, after=after)
    return link_mails.summary(session, actor, profile, now)


def _sorted(
    session: Session, scope: Scope, profile_id: int, people: Sequence[ListedPerson], now: datetime
) -> tuple[list[NewRecipient], dict[str, bool], set[str]]:
    """Return to whom a link is to be sent, which addresses signed up, and which others have it or had it.

    Of those that signed up, whether they are within the scope.
    """
    by_email = {each.email: each for each in people if each.email}
    signed_up = stored.signed_up(session, scope, profile_id, list(by_email))
    receiving = stored.receiving(session, profile_id, list(by_email), now - RESENT_AFTER) - signed_up.keys()
    new = [
        NewRecipient(email=email, first_name=each.first_name, last_name=each.last_name)
        for email, each in by_email.items()
        if email not in signed_up and email not in receiving
    ]
    return new, signed_up, receiving


def _left_out(
    people: Sequence[ListedPerson], signed_up: Mapping[str, bool], receiving: set[str], refused: set[str]
) -> PeopleLeftOut:
    groups = {
        LeftOut.SIGNED_UP: _named(people, signed_up),
        LeftOut.HAS_LINK: _named(people, dict.fromkeys(receiving - refused, True)),
        LeftOut.REFUSED: _named(people, dict.fromkeys(refused, True)),
    }
    return {reason: group for reason, group in groups.items() if group.number}


def _named(people: Sequence[ListedPerson], shown: Mapping[str, bool]) -> Group:
    """Return the names and addresses of those of the people who have one of these and may be shown, each once."""
    found = {each.email: f"{each.first_name} {each.last_name}".strip() for each in people if shown.get(each.email)}
    contacts = tuple(Contact(name=name, email=email) for email, name in found.items())
    return Group(people=contacts, hidden=len(shown) - len(contacts))


def _seen(people: Sequence[NewRecipient]) -> str:
    return fingerprint([each.email for each in people])
