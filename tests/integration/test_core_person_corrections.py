"""What those who manage people correct: each field by the form's rules, an address after a question, all recorded."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.domain.field_kinds import Kind
from core.domain.mail import MailKind
from core.errors import (
    FieldGone,
    InvalidForm,
    NotAllowed,
    PasswordLinkGone,
    PreviewOutdated,
    Problem,
    QuestionClosed,
    UserNotFound,
)
from core.services import audit_log, departments, form_fields, password_links, person_corrections, person_details
from core.services.audit_log import Action
from core.services.form_fields import FieldDraft
from core.services.person_corrections import Corrected, EmailProposal
from core.storage.tables import OutgoingMail
from tests.support.account import FAST_HASH, Office
from tests.support.rows import a_manager, a_user


async def learner(office: Office, email: str = "anna@example.com") -> int:
    card = await office.profile()
    return (await office.sign_up(card.token, email)).user_id


async def correct(office: Office, user_id: int, name: str, typed: str, *, by: int | None = None) -> Corrected:
    actor = by or office.owner_id
    return await office.engine.write(person_corrections.correct, actor, user_id, name, typed, office.engine.now())


async def propose(office: Office, user_id: int, email: str) -> EmailProposal:
    return await office.engine.write(
        person_corrections.propose_email, office.owner_id, user_id, email, office.engine.now()
    )


async def answer(office: Office, question_id: int, *, can_mail: bool = True) -> Corrected:
    return await office.engine.write(
        person_corrections.correct_email, office.owner_id, question_id, office.engine.now(), can_mail=can_mail
    )


async def mails(office: Office) -> set[tuple[str, str]]:
    def read(session: Session) -> set[tuple[str, str]]:
        return {(row.kind, row.address) for row in session.scalars(select(OutgoingMail))}

    return await office.engine.read(read)


async def test_fields_are_corrected_by_the_forms_rules_and_recorded_without_their_values(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    size = FieldDraft(label="Size", kind=Kind.CHOICE, choices=("S", "L"), at_sign_up=False)
    own = f"custom_{(await engine.write(form_fields.add_field, owner, size, engine.now())).field_id}"
    anna = await learner(office)
    done = [
        await correct(office, anna, name, typed)
        for name, typed in (("last_name", "  Bērziņa "), ("phone", "+371 20000000"), (own, "l"), ("phone", ""))
    ]
    assert [(each.field.name, each.after) for each in done] == [
        ("last_name", "Bērziņa"),
        ("phone", "+37120000000"),
        (own, "L"),
        ("phone", ""),
    ]
    assert (done[0].before, done[3].before) == ("Berzina", "+37120000000")
    shown = await engine.read(person_details.show, owner, anna, engine.now())
    assert (shown.card.name.split()[-1], shown.card.phone, [each.value for each in shown.filled]) == (
        "Bērziņa",
        "",
        ["L"],
    )
    entries = (await engine.read(audit_log.page, owner)).entries[:4]
    assert {entry.action for entry in entries} == {Action.PERSON_CORRECTED}
    assert [entry.after for entry in entries] == [
        {"details": [each]} for each in ("phone", "Size", "phone", "last_name")
    ]
    assert {entry.actor for entry in entries} == {entries[0].actor}


async def test_what_the_form_refuses_is_refused_and_the_same_value_leaves_no_trace(office: Office) -> None:
    anna = await learner(office)
    before = (await office.engine.read(audit_log.page, office.owner_id)).entries[0].number
    for name, typed, problem in (
        ("first_name", "", Problem.MISSING),
        ("first_name", "see www.example.com", Problem.ADDRESS_IN_NAME),
        ("phone", "123", Problem.NOT_A_PHONE),
    ):
        with pytest.raises(InvalidForm) as refused:
            await correct(office, anna, name, typed)
        assert refused.value.problems == {name: problem}
    for name in ("email", "login", "password", "state"):
        with pytest.raises(FieldGone):
            await correct(office, anna, name, "anything")
    assert (await correct(office, anna, "phone", "")).after == ""
    assert (await office.engine.read(audit_log.page, office.owner_id)).entries[0].number == before


async def test_a_new_address_is_asked_about_tells_both_and_ends_links_to_a_new_password(office: Office) -> None:
    engine = office.engine
    anna = await learner(office)
    made = await engine.write(password_links.make, office.owner_id, anna, engine.now())
    asked = await propose(office, anna, " Anna.B@Example.org")
    assert (asked.before, asked.after) == ("anna@example.com", "anna.b@example.org")
    await answer(office, asked.question_id)
    assert await mails(office) == {
        (MailKind.ADDRESS_CHANGED, "anna@example.com"),
        (MailKind.ADDRESS_CORRECTED, "anna.b@example.org"),
    }
    with pytest.raises(PasswordLinkGone):
        await engine.write(password_links.use, made.code, FAST_HASH, engine.now())
    with pytest.raises(QuestionClosed):
        await answer(office, asked.question_id)


async def test_without_e_mail_nothing_is_queued(office: Office) -> None:
    anna = await learner(office)
    done = await answer(office, (await propose(office, anna, "b@example.com")).question_id, can_mail=False)
    assert (done.before, done.after, await mails(office)) == ("anna@example.com", "b@example.com", set())


async def test_an_address_that_is_taken_or_was_changed_meanwhile_is_refused(office: Office) -> None:
    anna, ben = await learner(office), await learner(office, "ben@example.com")
    for email, problem in (("ben@example.com", Problem.TAKEN), ("anna@example.com", Problem.UNCHANGED)):
        with pytest.raises(InvalidForm) as refused:
            await propose(office, anna, email)
        assert refused.value.problems == {"email": problem}
    first, second = [await propose(office, each, "new@example.com") for each in (anna, ben)]
    other = await propose(office, anna, "other@example.com")
    await answer(office, first.question_id)
    with pytest.raises(InvalidForm):
        await answer(office, second.question_id)
    with pytest.raises(PreviewOutdated):
        await answer(office, other.question_id)


async def test_only_people_within_scope_and_below_one_are_corrected(office: Office) -> None:
    engine = office.engine
    anna = await learner(office)
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    elsewhere = await a_manager(engine, "Support")
    recruiter = await a_user(engine, Role.CUSTOM, permissions=[Permission.MANAGE_PEOPLE])
    with pytest.raises(UserNotFound):
        await correct(office, anna, "phone", "", by=elsewhere)
    with pytest.raises((NotAllowed, UserNotFound)):
        await correct(office, office.owner_id, "first_name", "Eve", by=recruiter)
