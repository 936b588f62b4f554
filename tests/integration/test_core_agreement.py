"""What card, history, progress, missing and digest show one person agrees, whatever happened before.

Each number is compared with one that is counted in Python from the tables, person by person.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, Role, UserState
from core.domain.progress import Behind, Progress
from core.domain.rosters import RosterOf
from core.errors import DepartmentGone, ProfileNotFound
from core.services import (
    courses,
    department_tree,
    digest_summaries,
    digests,
    history,
    people,
    profiles,
    progress,
    roster_lists,
    rosters,
)
from core.services.authorisation import authorise
from core.services.digest_audiences import EVERYTHING as ALL
from core.services.digest_audiences import Focus, Interval, Wanted, gather
from core.services.digest_summaries import Summary
from core.services.history import History
from core.services.progress import Cohort, Which
from core.services.roster_counts import RosterCounts, total
from core.storage import departments
from core.storage import people as stored_people
from core.storage.tables import Activation, Department, Enrolment, ExpectedPerson, Profile, User
from tests.integration.test_core_model_of_scope import ANY, DEPARTMENT, TREE, Managed, OrganisationMachine
from tests.support import who_came
from tests.support.digests import queued
from tests.support.rosters import keep, through, within
from tests.support.rosters import listed as listed_by_address
from tests.support.rows import a_user
from tests.support.state_machines import explore

List: TypeAlias = int | str
"""A list of expected people: a profile's, by its number, or a department's, by its name."""
FIVE_DAYS = timedelta(days=5)
EVERYTHING = 10**9  # no activation has a higher number
MOST_LEARNERS = 12
COMPARED_EVERY = 5  # steps: a comparison takes as long as many steps, and what is wrong stays so
EXPECTED = st.sets(st.integers(0, MOST_LEARNERS), min_size=1, max_size=4)
STEPS = st.sampled_from([Progress.STARTED, Progress.COMPLETED])


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the tables hold, for one reader: users within their scope, active ones, who signed up by which profile.

    Those who `came` are those whose sign-up wasn't undone.
    `expected` has the addresses of each list: a profile's, by its number, or a department's, by its name.
    """

    within: set[int]
    active: set[int]
    emails: dict[int, str | None]
    signed_up: dict[int, set[int]]
    came: dict[int, list[int]]
    expected: dict[List, set[str | None]]
    not_started: set[int]
    overdue: set[int]

    def behind(self, people: set[int]) -> Behind:
        """Count who of these people is behind."""
        return Behind(not_started=len(people & self.not_started), overdue=len(people & self.overdue))

    def counted(self, expected: set[str | None], came: set[int]) -> RosterCounts | None:
        """Count who of these expected people is among those who came; None if nobody is expected."""
        came = {user for user in came if self.emails[user] in expected}
        shown = came & self.within
        return RosterCounts(expected=len(expected), came=len(shown), hidden=len(came - shown)) if expected else None


def composed(session: Session, wanted: Sequence[tuple[Actor, Focus]], interval: Interval) -> list[Summary]:
    """Compose digests of one interval together."""
    [audience] = gather(session, [Wanted(actor=actor, focus=focus, interval=interval) for actor, focus in wanted])
    return digest_summaries.compose(session, audience)


def without_cohorts(summary: Summary) -> Summary:
    """Leave out that it is about a department, and which one the people belong to who have not started."""
    people = tuple(replace(each, cohort=Cohort()) for each in summary.overview.not_started_in)
    return replace(summary, overview=replace(summary.overview, not_started_in=people), of_department=False)


def not_started_in(digest: Summary) -> list[tuple[Cohort, int]]:
    return [(each.cohort, each.people) for each in digest.overview.not_started_in]


class AgreementMachine(OrganisationMachine):
    """People are expected, and learners take courses, while the organisation changes."""

    permissions = (*OrganisationMachine.permissions, Permission.RECEIVE_DIGESTS)

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.steps = 0
        for path in ("North", "South"):
            self.write(courses.add_rule, self.owner_id, path, "safety first", self.engine.now())
        self.changing: Managed = ()  # what somebody manages who manages other departments from time to time
        self.staff[self.changing] = self.run(a_user(self.engine, Role.CUSTOM, permissions=self.permissions))

    def amiss(self) -> list[str]:
        """Say what is wrong. Who is in a department that is moved below one with rules gets no course by them."""
        return [fault for fault in super().amiss() if not fault.endswith("a course is missing")]

    @precondition(lambda self: self.tokens)
    @rule(chosen=ANY, people=EXPECTED, replaces=st.booleans())
    def expect(self, chosen: int, people: set[int], *, replaces: bool) -> None:
        self.keep(through(sorted(self.tokens)[chosen % len(self.tokens)]), people, replaces=replaces)

    @rule(department=DEPARTMENT, people=EXPECTED, replaces=st.booleans())
    def expect_in(self, department: str, people: set[int], *, replaces: bool) -> None:
        self.keep(self.roster_within(department), people, replaces=replaces)

    def keep(self, of: RosterOf, people: set[int], *, replaces: bool) -> None:
        """Expect people besides those who are expected there, or in their place."""
        listed = [f"learner{number}@example.com" for number in people]
        self.run(keep(self.engine, self.owner_id, of, listed_by_address(*listed), replaced=replaces))

    def roster_within(self, department: str) -> RosterOf:
        """Give the roster of a department."""
        return self.run(within(self.engine, self.model.path(department)))

    @rule(managed=st.sets(DEPARTMENT))
    def manage(self, managed: set[str]) -> None:
        """Give somebody other departments to manage than they have, or none."""
        key, now = tuple(sorted(managed)), self.changing
        if key in self.staff:
            return
        user_id = self.staff.pop(now)
        numbers = [self.roster_within(name).department_id or 0 for name in managed]
        self.write(stored_people.set_managed, user_id, numbers)
        self.staff[key] = user_id
        self.changing = key

    @precondition(lambda self: self.model.learners)
    @rule(chosen=ANY, step=STEPS, days=st.integers(0, 8))
    def learn(self, chosen: int, step: Progress, days: int) -> None:
        user_id, _ = self.choose(chosen)
        for course in self.read(courses.mine, user_id, self.engine.now()):
            self.write(courses.advance, user_id, course.course_id, step, self.engine.now())
        self.clock.advance(days=days)

    @precondition(lambda self: self.model.learners)
    @rule(chosen=ANY, deactivated=st.booleans())
    def give_back(self, chosen: int, *, deactivated: bool) -> None:
        """Return the place by which somebody came, and deactivate them or not; delete them, and it is undone, too."""
        user_id, learner = self.choose(chosen)
        number = self.read(lambda session: session.scalars(select(Activation.id).filter_by(user_id=user_id)).one())
        self.answer(history.return_activation, self.owner_id, number, "by mistake", self.engine.now())
        if deactivated and not learner.deleted:
            self.write(people.deactivate, self.owner_id, user_id, self.engine.now())

    @invariant()
    def what_is_shown_agrees(self) -> None:
        self.steps += 1
        if self.steps % COMPARED_EVERY == 0:
            for managed, user_id in self.staff.items():
                self.read(self.compare, managed, user_id)
            self.compare_counts()
            self.read(self.compare_digests, at_half=self.steps % (2 * COMPARED_EVERY) == 0)

    def compare_counts(self) -> None:
        """Compare all counts of who came with the tables and with each other, for each reader."""
        now = self.engine.now()
        for managed, user_id in self.staff.items():
            facts, told = self.read(self.facts, managed), dict[str, int]()
            readable = [
                profile
                for profile, pointed in self.model.pointed.items()
                if any(self.model.reaches(managed, each) for each in pointed)
            ]
            told |= self.read(who_came.through_profiles, user_id, readable, now)
            told |= self.read(who_came.in_period, user_id, f"2026-01-01 - {now:%Y-%m-%d}", now)
            came = sum(len(set(facts.came.get(profile, ())) & facts.within) for profile in readable)
            assert set(told.values()) == {came}, told
            self.write(digests.request, user_id, 1001, now)
            [message] = self.run(queued(self.engine))
            sent = self.read(who_came.in_digest, user_id, message.subject_id, now)
            assert len(set(sent.values())) < 2, sent

    def compare_digests(self, session: Session, *, at_half: bool) -> None:
        """Compare digests that share their counts, several of each recipient, with each by itself.

        They are first ones, or, `at_half`, those of whoever had half of the sign-ups before.

        One about a department tells its recipient what somebody is told who manages only that.
        """
        actors = {each: authorise(session, user, Permission.RECEIVE_DIGESTS) for each, user in self.staff.items()}
        places = {
            name: Focus(department_id=departments.by_path(session, tuple(self.model.above(name)))) for name in TREE
        }
        wanted = [(actor, focus) for actor in actors.values() for focus in (ALL, *places.values())]
        now, after, since = self.engine.now(), 0, None
        if at_half:
            after, since = session.scalars(select(func.count()).select_from(Activation)).one() // 2, now - FIVE_DAYS
        interval = Interval(after=after, through=EVERYTHING, since=since, until=now)
        alone = [digest for one in wanted for digest in composed(session, [one], interval)]
        assert composed(session, wanted, interval) == alone
        told = dict(zip(((actor.user_id, focus) for actor, focus in wanted), alone, strict=True))
        for managed, actor in actors.items():
            for name, focus in places.items():
                if (name,) in actors and self.model.reaches(managed, name):
                    whole = told[actors[(name,)].user_id, ALL]
                    assert without_cohorts(told[actor.user_id, focus]) == without_cohorts(whole)
                elif not self.model.reaches(managed, name):
                    assert told[actor.user_id, focus].news == ()

    def compare(self, session: Session, managed: Managed, user_id: int) -> None:
        """Compare what one person is shown with the tables, and each screen with the others."""
        now, facts = self.engine.now(), self.facts(session, managed)
        everybody = progress.overview(session, user_id, Cohort(), now)
        assert everybody.behind == facts.behind(facts.within & facts.active)
        histories = [
            (page.joined, page.undone, page.hidden)
            for profile in self.tokens
            if (page := self.compare_profile(session, managed, user_id, profile, facts)) and facts.signed_up[profile]
        ]
        actor = authorise(session, user_id, Permission.RECEIVE_DIGESTS)
        [digest] = composed(session, [(actor, ALL)], self.ever())
        assert sorted((each.joined, each.undone, each.hidden.total) for each in digest.news) == sorted(
            (joined, undone, hidden.total) for joined, undone, hidden in histories
        )
        glance = digest.overview
        assert glance.behind == everybody.behind
        number = everybody.behind.not_started
        assert not_started_in(digest) == ([(Cohort(), number)] if number else [])
        assert glance.roster == self.counted_once(managed, facts, None, list(self.tokens))
        for name in list(TREE)[self.steps // COMPARED_EVERY % 2 :: 2]:  # all of them by two comparisons
            self.compare_department(session, managed, user_id, name, facts)

    def compare_profile(
        self, session: Session, managed: Managed, user_id: int, profile: int, facts: Facts
    ) -> History | None:
        """Compare a profile's screens with the tables; return its history, None if this person may not read it."""
        now, cohort = self.engine.now(), Cohort(profile_id=profile)
        try:
            page = history.page(session, user_id, profile, size=1000)
        except ProfileNotFound:
            return None
        assert {entry.user_id for entry in page.entries} == facts.signed_up[profile] & facts.within
        found = progress.overview(session, user_id, cohort, now)
        people = set(facts.came.get(profile, ())) & facts.within & facts.active
        far = found.steps
        assert (far.not_started if far else 0) == found.behind.not_started
        assert far is None or far.people == far.not_started + far.under_way + far.completed
        assert (found.people, found.hidden, found.behind) == (page.joined, page.hidden, facts.behind(people))
        for which, behind in ((Which.NOT_STARTED, facts.not_started), (Which.OVERDUE, facts.overdue)):
            named = progress.page(session, user_id, cohort, which, now, size=1000).people
            assert {each.user_id for each in named} == people & behind
        roster = self.compare_roster(session, managed, user_id, profile, facts, page)
        actor = authorise(session, user_id, Permission.RECEIVE_DIGESTS)
        [digest] = composed(session, [(actor, Focus(profiles=frozenset({profile})))], self.ever())
        came = [(page.shown, page.hidden)] if page.shown or page.hidden.total else []
        assert [(each.shown, each.hidden) for each in digest.news] == came
        glance, missing = digest.overview, roster.missing if roster else 0
        assert (glance.behind, glance.roster) == (found.behind, roster)
        ended = session.get_one(Profile, profile).ends_at < now
        assert glance.missing_after_end == (missing if ended else 0)
        over = [(each.profile_id, each.missing) for each in glance.standings if each.missing is not None]
        assert over == ([(profile, missing)] if ended and missing else [])
        number = found.behind.not_started
        assert not_started_in(digest) == ([(cohort, number)] if number else [])
        return page

    def ever(self) -> Interval:
        """Return the interval of a first digest."""
        return Interval(after=0, through=EVERYTHING, since=None, until=self.engine.now())

    def compare_roster(
        self, session: Session, managed: Managed, user_id: int, profile: int, facts: Facts, page: History
    ) -> RosterCounts | None:
        """Compare a roster on the card, in the history and among the missing."""
        card = profiles.card(session, user_id, profile, self.engine.now())
        if not self.model.reaches(managed, self.model.pointed[profile][-1]):
            assert card.roster is page.roster is None
            return None
        assert card.roster == page.roster == self.counted(facts, profile)
        assert progress.overview(session, user_id, Cohort(profile_id=profile), self.engine.now()).roster == card.roster
        missing = rosters.missing(session, user_id, through(profile), size=1000)
        came = {facts.emails[user] for user in facts.came.get(profile, ())}
        assert {each.email for each in missing.people} == facts.expected.get(profile, set()) - came
        assert len(missing.people) == missing.roster.missing == (card.roster.missing if card.roster else 0)
        return card.roster

    def compare_department(self, session: Session, managed: Managed, user_id: int, name: str, facts: Facts) -> None:
        """Compare the rosters on a department's card, in the progress of its people, and among the missing."""
        number = departments.by_path(session, tuple(self.model.above(name))) or 0
        of, now = RosterOf(department_id=number), self.engine.now()
        if not self.model.reaches(managed, name):
            for use_case in (rosters.show, rosters.missing, roster_lists.preview):
                with pytest.raises(DepartmentGone):
                    use_case(session, user_id, of, *([()] if use_case is roster_lists.preview else []))
            return
        node = department_tree.show(session, user_id, number, 0, 9)
        own = self.counted(facts, name)
        assert node.own_roster == own
        assert node.roster == self.counted_once(managed, facts, name, list(self.tokens))
        assert progress.overview(session, user_id, Cohort(department_id=number), now).roster == node.roster
        missing = rosters.missing(session, user_id, of, size=1000)
        came = {facts.emails[user] for user in self.came(facts, name)}
        assert {each.email for each in missing.people} == facts.expected.get(name, set()) - came
        assert len(missing.people) == missing.roster.missing == (own.missing if own else 0)

    def came(self, facts: Facts, which: List) -> set[int]:
        """Give who came by sign-ups that count for a list: wherever the profiles lead and the departments are now."""
        if isinstance(which, int):
            return set(facts.came.get(which, ()))
        learners = self.model.learners.items()
        return {
            user
            for user, learner in learners
            if which in self.model.come_to(learner) and user in facts.came.get(learner.profile, ())
        }

    def counted(self, facts: Facts, which: List, besides: frozenset[str | None] = frozenset()) -> RosterCounts | None:
        """Count who of a list came, without some people."""
        return facts.counted(facts.expected.get(which, set()) - besides, self.came(facts, which))

    def counted_once(self, managed: Managed, facts: Facts, top: str | None, profiles: list[int]) -> RosterCounts | None:
        """Sum up the lists below a department (None: of all that somebody manages), and of some profiles there.

        Whom a list further down expects, too, is counted there.
        """
        pointed: dict[List, list[str]] = {
            profile: self.model.above(self.model.pointed[profile][-1]) for profile in profiles
        }
        above: dict[List, list[str]] = {**pointed, **{name: self.model.above(name) for name in TREE}}
        counts = [
            count
            for which, places in above.items()
            if self.model.reaches(managed, places[-1]) and top in (None, *places)
            if (count := self.counted(facts, which, self.expected_below(facts, which, above)))
        ]
        return total(counts) if counts else None

    def expected_below(self, facts: Facts, which: List, above: dict[List, list[str]]) -> frozenset[str | None]:
        """Give whom the lists further down than a department's expect."""
        if isinstance(which, int):
            return frozenset()
        below = [facts.expected.get(each, set()) for each, places in above.items() if which in places and each != which]
        return frozenset[str | None]().union(*below)

    def facts(self, session: Session, managed: Managed) -> Facts:
        """Read the tables whole."""
        now, learners = self.engine.now(), self.model.learners
        users = {user.id: user for user in session.scalars(select(User))}
        came, expected = defaultdict[int, list[int]](list), defaultdict[List, set[str | None]](set)
        signed_up = defaultdict[int, set[int]](set)
        for activation in session.scalars(select(Activation)):
            signed_up[activation.profile_id].add(activation.user_id)
            if activation.returned_at is None or users[activation.user_id].state == UserState.ACTIVE:
                came[activation.profile_id].append(activation.user_id)
        for person in session.scalars(select(ExpectedPerson)):
            expected[person.profile_id or self.name_of(session, person.department_id)].add(person.email)
        open_ones = [each for each in session.scalars(select(Enrolment)) if each.progress != Progress.COMPLETED]
        return Facts(
            within={
                number
                for number in users
                if managed is None or (number in learners and self.model.reaches(managed, learners[number].department))
            },
            active={number for number, user in users.items() if user.state == UserState.ACTIVE},
            emails={number: user.email for number, user in users.items()},
            signed_up=signed_up,
            came=came,
            expected=expected,
            not_started={each.user_id for each in open_ones if each.progress == Progress.NOT_STARTED},
            overdue={each.user_id for each in open_ones if each.due_at and each.due_at < now},
        )

    def name_of(self, session: Session, department_id: int | None) -> str:
        """Give a department's name."""
        return session.get_one(Department, department_id).name


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_screens_agree_whatever_happened(new_office_url: Callable[[], str]) -> None:
    explore(AgreementMachine, new_office_url, examples=3, steps=30)
