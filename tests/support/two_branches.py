"""Two branches of one account: somebody manages North, and everything that can be pointed at is in South."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain import profile_answers
from core.domain.access import Permission, Role
from core.domain.field_kinds import Kind
from core.engine import Engine
from core.services import (
    courses,
    departments,
    dialogues,
    digests,
    form_fields,
    invitations,
    people,
    policies,
    profile_edit_drafts,
    profile_removal,
    profiles,
    redemption,
    roles,
)
from core.services.dialogues import Step
from core.services.form_fields import FieldDraft
from core.services.policies import Switch
from core.storage.tables import Activation, Base, DigestRun
from tests.support.account import Office, a_form
from tests.support.rows import a_draft, a_request, a_user, department_id

MINE, MY_EMAIL, OUTSIDE = "North / Coast", "anna@example.com", "South / Harbour"
NOWHERE = 7777
CHAT, TURN = 7, 1  # of the form that whoever acts has open, with a department outside chosen


@dataclass(frozen=True, kw_only=True)
class Branches:
    """Who acts, and the numbers and names of what is outside their reach."""

    owner: int
    actor: int
    department: int
    profile: int
    token: str
    removed_profile: int
    learner: int
    email: str
    activation: int
    pending: int
    request: int
    inactive: int
    invitation: int
    run: int
    my_profile: int
    my_learner: int

    def betrayed(self, answer: object) -> list[str]:
        """Find in an answer what only somebody with a right to the outside may know."""
        # A refusal repeats the path that was asked for; what it suggests instead is what matters.
        offered = (getattr(answer, "nearest", ()), getattr(answer, "below", ()))
        told = repr(offered) if hasattr(answer, "nearest") else repr(answer)
        typed = (self.email,) if isinstance(answer, BaseException) else ()
        words = ("South", "Harbour", "Zelda", "Zola", self.email, "zola@", "Regatta", self.token)
        return [word for word in words if word in told and word not in typed]

    def nowhere(self) -> "Branches":
        """Give the same with numbers and names of nothing, where what is outside was."""
        numbers = (
            "department",
            "profile",
            "removed_profile",
            "learner",
            "activation",
            "pending",
            "request",
            "inactive",
            "invitation",
        )
        return replace(
            self, **dict.fromkeys((*numbers, "invitation"), NOWHERE), token="no-such-token", email="nobody@example.com"
        )


async def two_branches(office: Office, role: Role, permissions: Iterable[Permission]) -> Branches:
    """Set both branches up, with a manager of North in that role."""
    engine, now = office.engine, office.engine.now()
    owner = office.owner_id
    await _set_up(office)
    invited = await engine.write(invitations.invite, owner, "department administrator", (OUTSIDE,), now)
    mine, theirs, removed = await _profiles(office)
    anna = await office.sign_up(mine.token, MY_EMAIL)
    zelda, inactive, zola = await _learners_come(office, theirs.token)
    await engine.write(digests.request, owner, 1, now)
    actor = await a_user(engine, role, "North", permissions=permissions)
    await _begin_a_form(office, actor, theirs.profile_id)
    return Branches(
        owner=owner,
        actor=actor,
        department=await engine.read(department_id, OUTSIDE),
        profile=theirs.profile_id,
        token=theirs.token,
        removed_profile=removed.profile_id,
        learner=zelda,
        email="zelda@example.com",
        activation=await engine.read(_activation_of, zelda),
        pending=zola,
        request=await a_request(engine, theirs.token, "Zola"),
        inactive=inactive,
        invitation=invited.invitation.invitation_id,
        run=await engine.read(_last_run),
        my_profile=mine.profile_id,
        my_learner=anna.user_id,
    )


async def _set_up(office: Office) -> None:
    """Add both departments, a course and a role, and a field of the form."""
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    for path in (MINE, OUTSIDE):
        await engine.write(departments.add, owner, path, now)
    await engine.write(courses.add, owner, "Seamanship", "https://learn.example.com/seamanship", "", now)
    await engine.write(courses.add_rule, owner, OUTSIDE, "Seamanship", now)
    await engine.write(form_fields.add_field, owner, FieldDraft(label="Cabin", kind=Kind.TEXT), now)
    await engine.write(roles.add, owner, "Bosun", (Permission.MANAGE_PROFILES,), now)


async def _profiles(office: Office) -> list[profiles.Card]:
    """Make a profile of ours and two outside, of which the last is deleted."""
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    made = [
        (await engine.write(profiles.create, owner, a_draft(name=name, department=path, limit="unlimited"), now)).card
        for name, path in (("Dunes", MINE), ("Regatta", OUTSIDE), ("Old Regatta", OUTSIDE))
    ]
    await engine.write(profile_removal.remove, owner, [made[-1].profile_id], now)
    return made


async def _learners_come(office: Office, token: str) -> tuple[int, int, int]:
    """Let people sign up outside: one is active, one is not, one waits. Give their numbers; a colleague moves to us."""
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    active = await _sign_up(engine, token, "Zelda")
    inactive = await _sign_up(engine, token, "Zelda", "inactive")
    await engine.write(people.deactivate, owner, inactive, now)
    colleague = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, OUTSIDE, name="Maris")  # of ours, manages theirs
    await engine.write(people.transfer, owner, colleague, MINE, now)
    await engine.write(policies.switch, owner, Switch.APPROVAL, now, on=True)
    waiting = await _sign_up(engine, token, "Zola")
    await engine.write(policies.switch, owner, Switch.APPROVAL, now, on=False)
    return active, inactive, waiting


async def _begin_a_form(office: Office, actor_id: int, profile_id: int) -> None:
    """Let the manager have a form open, about what is outside."""
    engine, now = office.engine, office.engine.now()
    harbour = await engine.read(department_id, OUTSIDE)
    edited = await engine.read(profile_edit_drafts.begin, office.owner_id, profile_id)
    course = {"title": "Bowlines", "link": "https://learn.example.com/bowlines"}  # of no department
    draft = edited | profile_answers.usual(now, ZoneInfo("UTC"), harbour) | course
    await engine.write(dialogues.begin, actor_id, CHAT, "profile", Step(answers=draft), now)


def contents(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Give every row of every table."""
    return {
        table.name: sorted((tuple(row) for row in session.execute(select(table)).all()), key=repr)
        for table in Base.metadata.sorted_tables
    }


async def _sign_up(engine: Engine, token: str, name: str, suffix: str = "") -> int:
    signed = a_form(f"{name.lower()}{suffix}@example.com")
    signed = replace(signed, newcomer=replace(signed.newcomer, first_name=name))
    return (await engine.write(redemption.redeem, token, signed, engine.now())).user_id


def _activation_of(session: Session, user_id: int) -> int:
    return session.scalars(select(Activation.id).where(Activation.user_id == user_id)).one()


def _last_run(session: Session) -> int:
    return session.scalars(select(DigestRun.id)).one()
