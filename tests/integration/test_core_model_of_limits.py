"""Limits, the ledger and what links answer under random interleavings of all that moves them, against a plain model."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from core.domain.links import LinkState
from core.errors import (
    ActivationNotFound,
    ActivationReturned,
    DepartmentHasUsers,
    DepartmentNotFound,
    EndBeforeStart,
    LimitBelowUsed,
    LinkClosed,
    NothingToUndo,
    ProfileNotFound,
    SignUpNotPending,
    UserNotFound,
)
from core.services import (
    account,
    department_removal,
    departments,
    history,
    pending_sign_ups,
    people,
    policies,
    profile_editing,
    profile_removal,
    profiles,
    redemption,
    sign_up_page,
)
from core.services.policies import Switch
from core.services.profile_editing import Change, EditedField
from tests.support.account import a_form
from tests.support.profile_model import Learner, ProfileModel, activation_of, counters, sums
from tests.support.rows import a_draft
from tests.support.state_machines import Machine, explore

ANY = st.integers(0, 10**6)  # chooses among what there is
HOURS = st.sampled_from([1, 30, 60])
SELDOM = st.sampled_from([False, False, False, True])  # what closes links is rare, or nothing else would happen
LIMITS = st.none() | st.integers(1, 4)
MOST_PLACES = 3
APPROVAL_TIME, UNDO = timedelta(days=7), timedelta(minutes=1)


def to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def is_late(learner: Learner, now: datetime) -> bool:
    return learner.waits_until is not None and learner.waits_until <= now


class LimitsMachine(Machine):
    """Learners come, come again, wait, are let in and turned down, while the owner changes all that decides on it."""

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.places: dict[int, ProfileModel] = {}
        self.enabled, self.approval, self.forms = True, False, 0
        self.create(limit=2, hours=60)
        self.create(limit=None, hours=60)
        self.switch_approval(approval=True)

    @property
    def now(self) -> datetime:
        return self.engine.now()

    @precondition(lambda self: len(self.places) < MOST_PLACES)
    @rule(limit=LIMITS, hours=HOURS)
    def create(self, limit: int | None, hours: int) -> None:
        department = f"Room {len(self.places)}"
        self.write(departments.add, self.owner_id, department, self.now)
        draft = a_draft(department=department, window=f"now - +{hours} hours", limit=self.typed(limit))
        card = self.write(profiles.create, self.owner_id, draft, self.now).card
        starts = to_the_minute(self.now)
        self.places[card.profile_id] = ProfileModel(
            department=department, token=card.token, starts=starts, ends=starts + timedelta(hours=hours), limit=limit
        )

    @rule(chosen=ANY, count=st.integers(1, 4))
    def sign_up(self, chosen: int, count: int) -> None:
        for _ in range(count):
            self.forms += 1
            self.send(self.choose(chosen)[1], f"learner{self.forms}@example.com")

    @precondition(lambda self: self.forms)
    @rule(chosen=ANY, form=ANY)
    def send_a_form_again(self, chosen: int, form: int) -> None:
        email = f"learner{1 + form % self.forms}@example.com"
        made = {
            one.form: number
            for place in self.places.values()
            for number, one in place.learners.items()
            if not one.deleted
        }
        if email in made:
            again = self.write(redemption.redeem, self.choose(chosen)[1].token, a_form(email), self.now)
            assert (again.user_id, again.repeated) == (made[email], True)
        else:
            self.send(self.choose(chosen)[1], email)

    def send(self, place: ProfileModel, email: str) -> None:
        """Send a form that has made no account: it makes one if the link is open, and nothing else."""
        answer = self.answer(redemption.redeem, place.token, a_form(email), self.now)
        if place.state(self.now, enabled=self.enabled) is not LinkState.OPEN:
            assert answer is LinkClosed
            return
        assert isinstance(answer, redemption.SignedUp)
        assert bool(answer.awaits) is self.approval
        waits_until = self.now + APPROVAL_TIME if self.approval else None
        place.learners[answer.user_id] = Learner(form=email, waits_until=waits_until)

    @rule(chosen=ANY, limit=LIMITS)
    def change_the_limit(self, chosen: int, limit: int | None) -> None:
        number, place = self.choose(chosen)
        edited = self.edit(number, EditedField.LIMIT, self.typed(limit))
        if place.removed:
            assert edited is ProfileNotFound
        elif limit is not None and limit < place.in_use:
            assert edited is LimitBelowUsed
        else:
            assert isinstance(edited, profile_editing.Edited)
            place.limit = limit

    @rule(chosen=ANY, which=st.sampled_from([EditedField.START, EditedField.END]), hours=HOURS)
    def change_the_window(self, chosen: int, which: EditedField, hours: int) -> None:
        number, place = self.choose(chosen)
        edited = self.edit(number, which, f"+{hours} hours")
        later = to_the_minute(self.now) + timedelta(hours=hours)
        starts, ends = (later, place.ends) if which is EditedField.START else (place.starts, later)
        if which is EditedField.END and place.starts > self.now:
            ends = place.starts + timedelta(hours=hours)
        if place.removed:
            assert edited is ProfileNotFound
        elif starts >= ends:
            assert edited is EndBeforeStart
        else:
            assert isinstance(edited, profile_editing.Edited)
            place.starts, place.ends = starts, ends

    def close(self, chosen: int) -> None:
        number, place = self.choose(chosen)
        closed = self.answer(profile_editing.close_now, self.owner_id, number, self.now)
        if place.removed:
            assert closed is ProfileNotFound
        elif place.starts < self.now - timedelta(microseconds=1):
            place.ends = min(place.ends, self.now - timedelta(microseconds=1))
        else:
            place.paused = True

    def pause(self, chosen: int, *, paused: bool = True) -> None:
        number, place = self.choose(chosen)
        answer = self.answer(profile_editing.pause, self.owner_id, number, self.now, paused=paused)
        if place.removed:
            assert answer is ProfileNotFound
        else:
            place.paused = paused

    def remove(self, chosen: int) -> None:
        number, place = self.choose(chosen)
        answer = self.answer(profile_removal.remove, self.owner_id, [number], self.now)
        if place.removed:
            assert answer is ProfileNotFound
        else:
            place.removed = self.now  # whoever waits is kept until this can no longer be undone

    def undo(self, chosen: int) -> None:
        number, place = self.choose(chosen)
        answer = self.answer(profile_removal.undo, self.owner_id, [number], self.now)
        if place.removed and self.now - place.removed <= UNDO and not place.department_removed:
            place.removed = None
        else:
            assert answer is NothingToUndo

    def remove_the_department(self, chosen: int) -> None:
        _, place = self.choose(chosen)
        answer = self.answer(department_removal.remove, self.owner_id, place.department, self.now)
        if place.department_removed:
            assert answer is DepartmentNotFound
        elif any(not one.deleted for one in place.learners.values() if not (place.removed and one.waits_until)):
            assert answer is DepartmentHasUsers
        else:
            place.drop(list(place.waiting))
            place.department_removed = True
            place.removed = place.removed or self.now

    def resume(self, chosen: int) -> None:
        self.pause(chosen, paused=False)

    @rule(chosen=ANY, act=st.sampled_from([close, pause, resume, remove, undo, undo, remove_the_department]))
    def open_or_close(self, chosen: int, act: Callable[["LimitsMachine", int], None]) -> None:
        act(self, chosen)

    @rule(chosen=ANY)
    def return_an_activation(self, chosen: int) -> None:
        if found := self.learner(chosen, waiting=False):
            place, user_id, learner = found
            activation = self.read(activation_of, user_id)
            answer = self.answer(history.return_activation, self.owner_id, activation, "a mistake", self.now)
            if place.removed:
                assert answer is ActivationNotFound
            elif learner.returned:
                assert answer is ActivationReturned
            else:
                learner.returned = True

    @rule(chosen=ANY, waiting=st.booleans())
    def delete_a_learner(self, chosen: int, *, waiting: bool) -> None:
        if found := self.learner(chosen, waiting=waiting):
            _, user_id, learner = found
            answer = self.answer(people.delete, self.owner_id, user_id, self.now)
            if waiting or learner.deleted:
                assert answer is UserNotFound
            else:
                learner.deleted = True

    @rule(chosen=ANY, let_in=st.booleans())
    def decide(self, chosen: int, *, let_in: bool) -> None:
        if not (found := self.learner(chosen, waiting=True)):
            return
        place, user_id, learner = found
        if let_in:
            answer: object = self.answer(pending_sign_ups.approve, self.owner_id, user_id, self.now)
        else:
            answer = self.answer(pending_sign_ups.decline, self.owner_id, user_id, "unknown here", self.now)
        if place.removed or (learner.waits_until and learner.waits_until <= self.now):
            assert answer is SignUpNotPending
        elif let_in:
            learner.waits_until = None
        else:
            place.drop([user_id])

    @rule(approval=st.booleans())
    def switch_approval(self, *, approval: bool) -> None:
        self.write(policies.switch, self.owner_id, Switch.APPROVAL, self.now, on=approval)
        self.approval = approval

    @rule(disabled=SELDOM)
    def switch_sign_up(self, *, disabled: bool) -> None:
        self.write(account.switch_sign_up, self.owner_id, self.now, on=not disabled)
        self.enabled = not disabled

    @rule(seconds=st.sampled_from([20, 20, 60, 3600, 86_400, 8 * 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    @rule()
    def the_expired_are_released(self) -> None:
        released = 0
        for place in self.places.values():
            gone = place.removed is not None and place.removed < self.now - UNDO
            late = [number for number, one in place.waiting.items() if gone or is_late(one, self.now)]
            place.drop(late)
            released += len(late)
        assert self.write(pending_sign_ups.release_expired, self.now) == released

    @invariant()
    def counters_and_ledger_are_the_models_and_no_limit_is_exceeded(self) -> None:
        expected = {number: (one.limit, one.used, len(one.waiting)) for number, one in self.places.items()}
        assert self.read(counters) == expected
        assert self.read(sums) == {number: counted[1:] for number, counted in expected.items()}
        assert all(one.limit is None or one.in_use <= one.limit for one in self.places.values())

    @invariant()
    def every_link_is_open_or_closed_as_the_model_says(self) -> None:
        for place in self.places.values():
            assert self.read(sign_up_page.preview, place.token, self.now).state is place.state(
                self.now, enabled=self.enabled
            )

    def choose(self, chosen: int) -> tuple[int, ProfileModel]:
        """Choose a profile."""
        living = [item for item in self.places.items() if not item[1].removed]
        found = [*self.places.items(), *living, *living]  # a removed one now and then: it can be brought back
        return found[chosen % len(found)]

    def learner(self, chosen: int, *, waiting: bool) -> tuple[ProfileModel, int, Learner] | None:
        """Choose a learner who waits, or one who does not."""
        found = [
            (place, number, one)
            for place in self.places.values()
            for number, one in place.learners.items()
            if bool(one.waits_until) is waiting
        ]
        return found[chosen % len(found)] if found else None

    def edit(self, number: int, which: EditedField, value: str) -> object:
        """Change one thing of a profile; give the answer, or the kind of the refusal."""
        return self.answer(profile_editing.edit, self.owner_id, number, Change(field=which, value=value), self.now)

    @staticmethod
    def typed(limit: int | None) -> str:
        return "unlimited" if limit is None else str(limit)


@pytest.mark.deep
@pytest.mark.timeout(900)
def test_whatever_happens_counters_ledger_and_links_agree_and_no_limit_is_exceeded(
    new_office_url: Callable[[], str],
) -> None:
    explore(LimitsMachine, new_office_url, examples=10, steps=50)
