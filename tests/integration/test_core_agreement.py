"""What card, history, progress, missing and digest show one person agrees, whatever happened before.

Each number is compared with one that is counted in Python from the tables, person by person.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, UserState
from core.domain.progress import Progress
from core.domain.rosters import RosterOf
from core.errors import ProfileNotFound
from core.rosters.reading import ListedPerson
from core.services import (
    awaited_lists,
    courses,
    digest_summaries,
    history,
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
from core.services.progress import Behind, Cohort, Which
from core.services.questions import About
from core.services.roster_counts import RosterCounts
from core.storage import departments
from core.storage.tables import Activation, Enrolment, ExpectedPerson, Profile, User
from tests.integration.test_core_model_of_scope import ANY, TREE, Managed, OrganisationMachine
from tests.support.state_machines import explore

EVERYTHING = 10**9  # no activation has a higher number
MOST_LEARNERS = 12
COMPARED_EVERY = 5  # steps: a comparison takes as long as many steps, and what is wrong stays so
STEPS = st.sampled_from([Progress.STARTED, Progress.COMPLETED])


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the tables hold, for one reader: users within their scope, active ones, who came where, who is expected."""

    within: set[int]
    active: set[int]
    emails: dict[int, str | None]
    came: dict[int, list[int]]
    expected: dict[int, set[str | None]]
    not_started: set[int]
    overdue: set[int]

    def behind(self, people: set[int]) -> Behind:
        """Count who of these people is behind."""
        return Behind(not_started=len(people & self.not_started), overdue=len(people & self.overdue))

    def roster(self, profile: int) -> RosterCounts | None:
        """Count who of a profile's expected people came."""
        expected = self.expected.get(profile, set())
        came = {user for user in self.came.get(profile, ()) if self.emails[user] in expected}
        shown = came & self.within
        return RosterCounts(expected=len(expected), came=len(shown), hidden=len(came - shown)) if expected else None


def composed(session: Session, wanted: Sequence[tuple[Actor, Focus]], interval: Interval) -> list[Summary]:
    """Compose digests of one interval together."""
    [audience] = gather(session, [Wanted(actor=actor, focus=focus, interval=interval) for actor, focus in wanted])
    return digest_summaries.compose(session, audience)


class AgreementMachine(OrganisationMachine):
    """People are expected, and learners take courses, while the organisation changes."""

    permissions = (*OrganisationMachine.permissions, Permission.RECEIVE_DIGESTS)

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.steps = 0
        for path in ("North", "South"):
            self.write(courses.add_rule, self.owner_id, path, "safety first", self.engine.now())

    def amiss(self) -> list[str]:
        """Say what is wrong. Who is in a department that is moved below one with rules gets no course by them."""
        return [fault for fault in super().amiss() if not fault.endswith("a course is missing")]

    @precondition(lambda self: self.tokens)
    @rule(chosen=ANY, people=st.sets(st.integers(0, MOST_LEARNERS), min_size=1, max_size=4), replaces=st.booleans())
    def expect(self, chosen: int, people: set[int], *, replaces: bool) -> None:
        profile, now = sorted(self.tokens)[chosen % len(self.tokens)], self.engine.now()
        listed = [ListedPerson(row=row, email=f"learner{number}@example.com") for row, number in enumerate(people)]
        of = RosterOf(profile_id=profile)
        sent = self.write(awaited_lists.receive, self.owner_id, About.ROSTER, of, {"text": "…"}, now)
        seen = self.read(roster_lists.preview, self.owner_id, of, listed).seen
        self.write(
            roster_lists.keep,
            self.owner_id,
            sent.question_id,
            listed,
            now,
            seen=seen,
            replace=replaces,
            only_expected=False,
        )

    @precondition(lambda self: self.model.learners)
    @rule(chosen=ANY, step=STEPS, days=st.integers(0, 8))
    def learn(self, chosen: int, step: Progress, days: int) -> None:
        user_id, _ = self.choose(chosen)
        for course in self.read(courses.mine, user_id, self.engine.now()):
            self.write(courses.advance, user_id, course.course_id, step, self.engine.now())
        self.clock.advance(days=days)

    @invariant()
    def what_is_shown_agrees(self) -> None:
        self.steps += 1
        if self.steps % COMPARED_EVERY == 0:
            for managed, user_id in self.staff.items():
                self.read(self.compare, managed, user_id)
            self.read(self.compare_digests)

    def compare_digests(self, session: Session) -> None:
        """Compare digests that share their counts, several of each recipient, with each by itself.

        One about a department tells its recipient what somebody is told who manages only that.
        """
        actors = {each: authorise(session, user, Permission.RECEIVE_DIGESTS) for each, user in self.staff.items()}
        places = {
            name: Focus(department_id=departments.by_path(session, tuple(self.model.above(name)))) for name in TREE
        }
        wanted = [(actor, focus) for actor in actors.values() for focus in (ALL, *places.values())]
        half = session.scalars(select(func.count()).select_from(Activation)).one() // 2
        now = self.engine.now()
        for after, since in ((0, None), (half, now - timedelta(days=5))):
            interval = Interval(after=after, through=EVERYTHING, since=since, until=now)
            alone = [digest for one in wanted for digest in composed(session, [one], interval)]
            assert composed(session, wanted, interval) == alone
            told = dict(zip(((actor.user_id, focus) for actor, focus in wanted), alone, strict=True))
            for managed, actor in actors.items():
                for name, focus in places.items():
                    if (name,) in actors and self.model.reaches(managed, name):
                        whole = told[actors[(name,)].user_id, ALL]
                        assert replace(told[actor.user_id, focus], of_department=False) == whole
                    elif not self.model.reaches(managed, name):
                        assert told[actor.user_id, focus].news == ()

    def compare(self, session: Session, managed: Managed, user_id: int) -> None:
        """Compare what one person is shown with the tables, and each screen with the others."""
        now, facts = self.engine.now(), self.facts(session, managed)
        everybody = progress.overview(session, user_id, Cohort(), now)
        assert everybody.behind == facts.behind(facts.within & facts.active)
        histories = [
            (page.shown, page.hidden)
            for profile in self.tokens
            if (page := self.compare_profile(session, managed, user_id, profile, facts)) and facts.came.get(profile)
        ]
        actor = authorise(session, user_id, Permission.RECEIVE_DIGESTS)
        [digest] = composed(session, [(actor, ALL)], self.ever())
        assert sorted((each.shown, each.hidden.total) for each in digest.news) == sorted(
            (shown, hidden.total) for shown, hidden in histories
        )
        glance = digest.overview
        assert glance.behind == everybody.behind
        running = [profile for profile in self.tokens if session.get_one(Profile, profile).ends_at >= now]
        editable = [profile for profile in running if self.model.reaches(managed, self.model.pointed[profile][-1])]
        counted = [roster for profile in editable if (roster := facts.roster(profile))]
        total = (sum(each.expected for each in counted), sum(each.missing for each in counted))
        assert ((glance.roster.expected, glance.roster.missing) if glance.roster else (0, 0)) == total

    def compare_profile(
        self, session: Session, managed: Managed, user_id: int, profile: int, facts: Facts
    ) -> History | None:
        """Compare a profile's screens with the tables; return its history, None if this person may not read it."""
        now, cohort = self.engine.now(), Cohort(profile_id=profile)
        try:
            page = history.page(session, user_id, profile, size=1000)
        except ProfileNotFound:
            return None
        assert {entry.user_id for entry in page.entries} == set(facts.came.get(profile, ())) & facts.within
        found = progress.overview(session, user_id, cohort, now)
        people = set(facts.came.get(profile, ())) & facts.within & facts.active
        assert (found.people, found.hidden, found.behind) == (page.shown, page.hidden, facts.behind(people))
        for which, behind in ((Which.NOT_STARTED, facts.not_started), (Which.OVERDUE, facts.overdue)):
            named = progress.page(session, user_id, cohort, which, now, size=1000).people
            assert {each.user_id for each in named} == people & behind
        roster = self.compare_roster(session, managed, user_id, profile, facts, page)
        actor = authorise(session, user_id, Permission.RECEIVE_DIGESTS)
        [digest] = composed(session, [(actor, Focus(profiles=frozenset({profile})))], self.ever())
        came = [(page.shown, page.hidden)] if page.shown or page.hidden.total else []
        assert [(each.shown, each.hidden) for each in digest.news] == came
        ended = session.get_one(Profile, profile).ends_at < now
        assert (digest.overview.behind, digest.overview.roster) == (found.behind, None if ended else roster)
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
        assert card.roster == page.roster == facts.roster(profile)
        missing = rosters.missing(session, user_id, RosterOf(profile_id=profile), size=1000)
        came = {facts.emails[user] for user in facts.came.get(profile, ())}
        assert {each.email for each in missing.people} == facts.expected.get(profile, set()) - came
        assert len(missing.people) == missing.roster.missing == (card.roster.missing if card.roster else 0)
        return card.roster

    def facts(self, session: Session, managed: Managed) -> Facts:
        """Read the tables whole."""
        now, learners = self.engine.now(), self.model.learners
        users = {user.id: user for user in session.scalars(select(User))}
        came, expected = defaultdict[int, list[int]](list), defaultdict[int, set[str | None]](set)
        for activation in session.scalars(select(Activation)):
            came[activation.profile_id].append(activation.user_id)
        for person in session.scalars(select(ExpectedPerson)):
            expected[person.profile_id or 0].add(person.email)
        open_ones = [each for each in session.scalars(select(Enrolment)) if each.progress != Progress.COMPLETED]
        return Facts(
            within={
                number
                for number in users
                if managed is None or (number in learners and self.model.reaches(managed, learners[number].department))
            },
            active={number for number, user in users.items() if user.state == UserState.ACTIVE},
            emails={number: user.email for number, user in users.items()},
            came=came,
            expected=expected,
            not_started={each.user_id for each in open_ones if each.progress == Progress.NOT_STARTED},
            overdue={each.user_id for each in open_ones if each.due_at and each.due_at < now},
        )


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_screens_agree_whatever_happened(new_office_url: Callable[[], str]) -> None:
    explore(AgreementMachine, new_office_url, examples=4, steps=20)
