"""Scope, histories and hidden learners under random changes, against a plain model of the organisation.

Whoever acts is drawn at random too: within their scope all succeeds, outside it nothing is told apart from nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.domain.tallies import Hidden
from core.errors import DepartmentNotFound, MoveBelowItself, ProfileNotFound, ProfileReadOnly, UserNotFound
from core.services import departments, history, people, people_list, profile_editing, profiles, redemption
from core.services.profile_editing import Change, EditedField
from tests.support.account import a_form
from tests.support.rows import a_draft, a_user
from tests.support.state_machines import Machine, explore

TREE: dict[str, str | None] = {"North": None, "South": None, "Coast": "North", "Harbour": "Coast", "Inland": "South"}
DEPARTMENT = st.sampled_from(list(TREE))
Managed: TypeAlias = tuple[str, ...] | None
"""The departments that somebody manages; None, which is the owner, manages everything."""
STAFF: tuple[Managed, ...] = (None, ("North",), ("Inland",), ("South", "Harbour"))
ACTOR = st.sampled_from(STAFF)
ANY = st.integers(0, 10**6)  # chooses among what there is


@dataclass(frozen=True, kw_only=True)
class Learner:
    """Somebody who signed up: to which department, below which ones it was then (`then`), and where they are now."""

    profile: int
    signed_up_to: str
    department: str
    deleted: bool = False
    then: frozenset[str] = frozenset()


@dataclass(kw_only=True)
class Organisation:
    """What a history is about, in plain Python: a tree, profiles that point into it, learners in it."""

    parents: dict[str, str | None] = field(default_factory=TREE.copy)
    pointed: dict[int, list[str]] = field(default_factory=dict)
    learners: dict[int, Learner] = field(default_factory=dict)

    def above(self, department: str) -> list[str]:
        """Give a department and all that it is in, the topmost first."""
        parent = self.parents[department]
        return [*(self.above(parent) if parent else []), department]

    def move(self, department: str, below: str | None) -> None:
        """Move a department: who has signed up there came where it was then, and comes where it is now."""
        self.parents[department] = below

    def come_to(self, learner: Learner) -> set[str]:
        """Give the departments to which somebody has come."""
        return {*self.above(learner.signed_up_to), *learner.then}

    def path(self, department: str) -> str:
        """Write a department as people type it."""
        return " / ".join(self.above(department))

    def reaches(self, managed: Managed, *found: str) -> bool:
        """Tell whether all these departments are among the managed ones and those below."""
        return managed is None or all(set(managed) & set(self.above(one)) for one in found)

    def history(self, managed: Managed, profile: int) -> tuple[list[int], Hidden]:
        """Give whom somebody sees in a profile's history, newest first, and how many are hidden, by reason."""
        seen: list[int] = []
        hidden = Hidden(transferred=0, elsewhere=0)
        for user_id, learner in self.learners.items():
            if learner.profile != profile:
                continue
            if self.reaches(managed, learner.department):
                seen.insert(0, user_id)
            elif self.reaches(managed, learner.signed_up_to):
                hidden = replace(hidden, transferred=hidden.transferred + 1)
            else:
                hidden = replace(hidden, elsewhere=hidden.elsewhere + 1)
        return seen, hidden


class OrganisationMachine(Machine):
    """Departments move, profiles point elsewhere, learners sign up, are transferred and deleted; staff look on."""

    permissions: tuple[Permission, ...] = (Permission.MANAGE_PROFILES, Permission.MANAGE_PEOPLE)

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.model = Organisation()
        self.tokens: dict[int, str] = {}
        for name in TREE:
            self.write(departments.add, self.owner_id, self.model.path(name), self.engine.now())
        self.staff: dict[Managed, int] = {None: self.owner_id}
        for managed in filter(None, STAFF):
            paths = map(self.model.path, managed)
            self.staff[managed] = self.run(a_user(self.engine, Role.CUSTOM, *paths, permissions=self.permissions))

    @rule(actor=ACTOR, department=DEPARTMENT)
    def create(self, actor: Managed, department: str) -> None:
        draft = a_draft(department=self.model.path(department), limit="unlimited")
        made = self.answer(profiles.create, self.staff[actor], draft, self.engine.now())
        if not self.model.reaches(actor, department):
            assert made is DepartmentNotFound
            return
        assert isinstance(made, profiles.Created)
        self.model.pointed[made.card.profile_id] = [department]
        self.tokens[made.card.profile_id] = made.card.token

    @precondition(lambda self: self.tokens)
    @rule(chosen=ANY)
    def sign_up(self, chosen: int) -> None:
        profile = sorted(self.tokens)[chosen % len(self.tokens)]
        form = a_form(f"learner{len(self.model.learners)}@example.com")
        user_id = self.write(redemption.redeem, self.tokens[profile], form, self.engine.now()).user_id
        department = self.model.pointed[profile][-1]
        self.model.learners[user_id] = Learner(
            profile=profile,
            signed_up_to=department,
            department=department,
            then=frozenset(self.model.above(department)),
        )

    @precondition(lambda self: self.tokens)
    @rule(actor=ACTOR, chosen=ANY, department=DEPARTMENT)
    def point(self, actor: Managed, chosen: int, department: str) -> None:
        profile = sorted(self.tokens)[chosen % len(self.tokens)]
        change = Change(field=EditedField.DEPARTMENT, value=self.model.path(department))
        edited = self.answer(profile_editing.edit, self.staff[actor], profile, change, self.engine.now())
        if not self.model.reaches(actor, department):
            assert edited is DepartmentNotFound
        elif not self.model.reaches(actor, self.model.pointed[profile][-1]):
            once = any(self.model.reaches(actor, earlier) for earlier in self.model.pointed[profile])
            assert edited is (ProfileReadOnly if once else ProfileNotFound)
        else:
            assert isinstance(edited, profile_editing.Edited)
            self.model.pointed[profile].append(department)

    @precondition(lambda self: self.model.learners)
    @rule(actor=ACTOR, chosen=ANY, department=DEPARTMENT)
    def transfer(self, actor: Managed, chosen: int, department: str) -> None:
        user_id, learner = self.choose(chosen)
        path = self.model.path(department)
        moved = self.answer(people.transfer, self.staff[actor], user_id, path, self.engine.now())
        if not self.model.reaches(actor, department):
            assert moved is DepartmentNotFound
        elif learner.deleted or not self.model.reaches(actor, learner.department):
            assert moved is UserNotFound
        else:
            assert isinstance(moved, people.Card)
            self.model.learners[user_id] = replace(learner, department=department)

    @precondition(lambda self: self.model.learners)
    @rule(actor=ACTOR, chosen=ANY)
    def delete(self, actor: Managed, chosen: int) -> None:
        user_id, learner = self.choose(chosen)
        deleted = self.answer(people.delete, self.staff[actor], user_id, self.engine.now())
        if learner.deleted or not self.model.reaches(actor, learner.department):
            assert deleted is UserNotFound
        else:
            self.model.learners[user_id] = replace(learner, deleted=True)

    @rule(department=DEPARTMENT, below=st.none() | DEPARTMENT)
    def move(self, department: str, below: str | None) -> None:
        path, target = self.model.path(department), self.model.path(below) if below else ""
        moved = self.answer(departments.move, self.owner_id, path, target, self.engine.now())
        if below and department in self.model.above(below):
            assert moved is MoveBelowItself
        else:
            assert isinstance(moved, departments.Branch)
            self.model.move(department, below)

    @invariant()
    def everybody_sees_the_history_of_what_they_may_read_and_whom_they_may(self) -> None:
        assert self.read(self.shown) == {
            (managed, profile): self.model.history(managed, profile)
            for managed in self.staff
            for profile, pointed in self.model.pointed.items()
            if any(self.model.reaches(managed, one) for one in pointed)
        }

    @invariant()
    def everybody_finds_the_learners_in_their_departments_alone(self) -> None:
        for managed, user_id in self.staff.items():
            found = self.read(people_list.listing, user_id, "Berzina").total
            assert found == sum(
                not learner.deleted and self.model.reaches(managed, learner.department)
                for learner in self.model.learners.values()
            )

    def shown(self, session: Session) -> dict[tuple[Managed, int], tuple[list[int], Hidden]]:
        """Read every profile's history as everybody in turn."""
        found: dict[tuple[Managed, int], tuple[list[int], Hidden]] = {}
        for managed, user_id in self.staff.items():
            for profile in self.tokens:
                try:
                    page = history.page(session, user_id, profile, size=1000)
                except ProfileNotFound:
                    continue
                assert page.shown == len(page.entries)
                assert [one.user_id for one in page.entries if one.deleted] == [
                    one.user_id for one in page.entries if self.model.learners[one.user_id].deleted
                ]
                found[managed, profile] = [entry.user_id for entry in page.entries], page.hidden
        return found

    def choose(self, chosen: int) -> tuple[int, Learner]:
        """Choose a learner."""
        return list(self.model.learners.items())[chosen % len(self.model.learners)]


@pytest.mark.deep
@pytest.mark.timeout(900)
def test_whatever_happens_everybody_sees_and_changes_what_is_in_their_departments(
    new_office_url: Callable[[], str],
) -> None:
    explore(OrganisationMachine, new_office_url, examples=3, steps=40)
