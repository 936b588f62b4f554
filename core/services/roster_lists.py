"""Lists of expected people that a manager sends: asked for, previewed, and kept or not."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission, Scope
from core.domain.contacts import Contact
from core.domain.expected_people import Merger, NewPerson, merge, told_apart
from core.domain.field_kinds import DEFINITIONS, Kind
from core.domain.field_texts import from_stored
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.left_out import Group, LeftOut, PeopleLeftOut
from core.domain.rosters import RosterOf
from core.language import languages_of, region
from core.rosters.columns import UniqueField
from core.rosters.people_lists import ListedPerson
from core.rosters.person_values import Expectations
from core.services import awaited_lists, questions, roster_holders, roster_lockouts, rosters
from core.services.authorisation import authorise
from core.services.questions import About
from core.services.roster_lockouts import Lockout
from core.services.rosters import Roster
from core.storage import account, form_fields, roster_people
from core.storage import rosters as stored

MOST_NAMED = 3  # of whom a preview says that they would be kept


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What keeping a list would do, and `seen`, which identifies it; `seen_instead`, with those it would replace, too.

    Of its people `new` aren't on the roster yet; of these, `signed_up` came, as far as the viewer may see them. The
    first MOST_NAMED of the others are `named`, `without_address` have something else to be known by, and `alike`
    nothing but what others have, too. `changed` are on it with other data. `left_out` names those who are on the roster
    as they are here, or are not to be kept. `off` are on the roster and nobody of these; `leaves_nobody`: without them,
    nobody who hasn't come is expected any more, and only the expected could sign up.
    """

    roster: Roster
    people: int
    new: int
    named: tuple[ListedPerson, ...]
    changed: tuple[Contact, ...]
    off: tuple[Contact, ...]
    leaves_nobody: bool
    without_address: int
    alike: tuple[Contact, ...]
    signed_up: tuple[Contact, ...]
    seen: str
    seen_instead: str
    left_out: PeopleLeftOut

    @property
    def missing(self) -> int:
        """How many of the new ones haven't come, as far as the viewer may see."""
        return self.new - len(self.signed_up)


@dataclass(frozen=True, kw_only=True)
class _Sorted:
    """People of a list, each once: who is new, those who came apart, and who is on the roster as they are here.

    Of those `missing`, nothing tells the ones who are `alike` from others.
    """

    missing: Sequence[ListedPerson]
    alike: Sequence[ListedPerson]
    signed_up: Sequence[ListedPerson]
    left_out: Mapping[LeftOut, Sequence[ListedPerson]]


def expectations(session: Session, actor_id: int, of: RosterOf, language: str) -> Expectations:
    """Return what helps to read the list of a roster's people. Raises what `rosters.show` raises."""
    roster_holders.find(session, authorise(session, actor_id, Permission.MANAGE_PROFILES), of)
    country = region(account.zone(session))
    fields = [each for each in form_fields.active(session) if DEFINITIONS[Kind(each.kind)].unique]
    return Expectations(
        languages=(language, *languages_of(country)),
        region=country,
        fields=tuple(
            UniqueField(field_id=each.id, label=each.label, others=from_stored(each.translations).labels)
            for each in fields
        ),
    )


def preview(
    session: Session,
    actor_id: int,
    of: RosterOf,
    people: Sequence[ListedPerson],
    *,
    suspended: Sequence[ListedPerson] = (),
    only: bool = False,
) -> Preview:
    """Preview these people, not those `suspended`; `only`: nobody else could sign up. Raises as `rosters.show` does."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    merger = merge(roster_people.entries(session, of), sought := [each.expected for each in people])
    apart = told_apart(sought, merger.beside)
    found = _sorted(people, merger, apart, stored.signed_up(session, actor.scope, of, apart))
    return Preview(
        roster=rosters.roster_of(session, actor, holder),
        people=len(people),
        new=len(merger.new),
        named=tuple(found.missing[:MOST_NAMED]),
        changed=tuple(each.contact for each in merger.changed.values()),
        off=tuple(each.contact for each in merger.beside),
        leaves_nobody=only and _leaves_nobody(session, of, sought, merger),
        without_address=sum(not each.email for each in found.missing) - len(found.alike),
        alike=tuple(each.contact for each in found.alike),
        signed_up=tuple(each.contact for each in found.signed_up),
        seen=_seen(people),
        seen_instead=_seen_instead(session, of, people),
        left_out=_left_out({LeftOut.SUSPENDED: suspended, **found.left_out}),
    )


def keep(
    session: Session,
    actor_id: int,
    question_id: int,
    people: Sequence[ListedPerson],
    now: datetime,
    *,
    seen: str,
    replace: bool,
    closing: Lockout | None,
) -> Roster:
    """Keep a list that was previewed, instead of what there is (`replace`) or besides, and answer the question.

    `closing`: only the roster's people can sign up then, and this becomes of those whom that locks out, of whom `seen`
    tells, too; None: everybody can.

    Raises QuestionClosed, PreviewOutdated, ListTooLong, and what `rosters.show` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    of = awaited_lists.roster_in(questions.answer(session, actor_id, question_id, About.ROSTER, now))
    holder = roster_holders.find_for_update(session, actor, of)
    found = [each.expected for each in people]
    out = roster_lockouts.beside(session, actor, holder, found, now, replace=replace) if closing else None
    shown = _seen_instead(session, of, people) if replace else _seen(people)
    refuse_if_outdated(seen, marked(shown, out.mark if out else ""))
    added = out.all if out and closing is Lockout.ADD else []
    roster_lockouts.add(session, actor_id, holder, [*found, *added], now, replace=replace)
    rosters.switch(session, actor_id, holder, now, on=closing is not None)
    return rosters.roster_of(session, actor, holder)


def marked(seen: str, locked_out: str) -> str:
    """Return what identifies a list together with those whom keeping it would lock out (`LockedOut.seen`)."""
    return fingerprint(seen, locked_out) if locked_out else seen


def _sorted(
    people: Sequence[ListedPerson], merger: Merger, apart: Iterable[NewPerson], came: Collection[str]
) -> _Sorted:
    """Sort people by whether they are new on a roster, or on it with the same data, and `came`, by identity.

    `apart` has of each what tells them from all others.
    """
    added = {each.identity for each in merger.new}
    alike = {each.identity for each in apart if not (each.email or each.phone or each.values)}
    new = [each for each in people if each.identity in added]
    as_before = [each for each in people if not (each.identity in added or each.identity in merger.changed)]
    missing = [each for each in new if each.identity not in came]
    return _Sorted(
        missing=missing,
        alike=[each for each in missing if each.identity in alike],
        signed_up=[each for each in new if each.identity in came],
        left_out={
            LeftOut.EXPECTED: [each for each in as_before if each.identity not in came],
            LeftOut.SIGNED_UP: [each for each in as_before if each.identity in came],
        },
    )


def _leaves_nobody(session: Session, of: RosterOf, people: Sequence[NewPerson], merger: Merger) -> bool:
    """Return whether all of these people came, wherever they are now, but not all whom they would replace."""
    if all(each.came for each in merger.beside):
        return False
    return len(stored.signed_up(session, Scope(everywhere=True), of, told_apart(people))) == len(people)


def _left_out(people: Mapping[LeftOut, Sequence[ListedPerson]]) -> PeopleLeftOut:
    return {reason: Group(people=tuple(each.contact for each in out)) for reason, out in people.items() if out}


def _seen_instead(session: Session, of: RosterOf, people: Sequence[ListedPerson]) -> str:
    return fingerprint(_seen(people), rosters.mark(session, of))


def _seen(people: Sequence[ListedPerson]) -> str:
    return fingerprint([each.identity for each in people])
