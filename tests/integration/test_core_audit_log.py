"""Each change that the audit log is for is in it once: who made it, and what it was made to."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select, update

from core.domain.access import Permission, Role
from core.domain.access_requests import Cure
from core.domain.alerts import Alert
from core.domain.cadence import parse_cadence
from core.domain.field_kinds import Kind
from core.domain.outbox import MessageState
from core.domain.reminder_rules import Place
from core.domain.reminders import Occasion
from core.domain.retention import Kept
from core.domain.rosters import RosterOf
from core.engine import Engine
from core.rosters.people_lists import ListedPerson
from core.services import (
    access_requests,
    account,
    alerts,
    audit_log,
    awaited_lists,
    belonging,
    course_editing,
    courses,
    department_removal,
    departments,
    digest_spreadsheets,
    enrolling,
    form_fields,
    group_digests,
    history,
    invitations,
    joint_answers,
    link_mail_lists,
    link_mails,
    link_resending,
    live_cards,
    own_details,
    ownership,
    ownership_transfer,
    password_links,
    pending_sign_ups,
    people,
    person_corrections,
    person_erasure,
    personal_data,
    planned_reminders,
    policies,
    profile_editing,
    profile_links,
    profile_removal,
    progress,
    questions,
    reminder_rules,
    reminders,
    report_exports,
    request_answers,
    retention,
    role_removal,
    roles,
    rosters,
    rule_application,
    rush_declines,
    rush_undo,
    time_zone,
    unenrolling,
)
from core.services.audit_log import Action
from core.services.course_editing import CourseField
from core.services.form_fields import FieldDraft
from core.services.group_digests import Group
from core.services.joint_answers import Answer
from core.services.link_mails import Sending
from core.services.ownership import Claimant
from core.services.policies import Switch
from core.services.profile_editing import Change, EditedField
from core.services.questions import About
from core.services.time_zone import Keep
from core.storage.tables import DigestRun, OutgoingMail, Question
from tests.support.account import FAST_HASH, Office, a_form
from tests.support.reminders import ANNA, JANIS, expect
from tests.support.rosters import keep, let_only_expected, listed, through, within
from tests.support.rows import a_user

Line = tuple[str | None, Action, str]
CREW = Group(chat_id=-5, thread_id=None, title="Crew")


async def log_of(engine: Engine, owner: int) -> list[Line]:
    """Return the whole log, oldest first."""
    lines: list[Line] = []
    page = await engine.read(audit_log.page, owner)
    while True:
        lines += [(entry.actor, entry.action, entry.subject) for entry in page.entries]
        if page.older_than is None:
            return lines[::-1]
        page = await engine.read(lambda session, before: audit_log.page(session, owner, before=before), page.older_than)


async def the_account_changes(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    await write(account.rename, owner, "Acme", now)
    await write(time_zone.change, owner, "Europe/Riga", Keep.MOMENTS, now)
    await write(account.switch_sign_up, owner, now, on=False)
    await write(policies.switch, owner, Switch.APPROVAL, now, on=True)
    await write(policies.limit_seats, owner, "9", now)
    await write(policies.publish_privacy_policy, owner, "Ours", now)


async def departments_change(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    await write(departments.add, owner, "Support", now)
    await write(departments.rename, owner, "Support", "Helpdesk", now)
    await write(departments.move, owner, "Helpdesk", "Sales", now)
    await write(department_removal.remove, owner, "Sales / Helpdesk", now)


async def courses_change(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    await write(courses.add, owner, "Welcome", "https://learn.example.com/welcome", "", now)
    await write(courses.add_rule, owner, "Sales", "Welcome", now)
    await write(courses.remove_rule, owner, "Sales", "Welcome", now)
    await write(course_editing.propose, owner, "Welcome", CourseField.DAYS, "7", now)
    await write(courses.add_rule, owner, "Sales", "Welcome", now)
    meant = await office.engine.read(rule_application.preview, owner, "Sales", "Welcome")
    applied = await write(rule_application.apply, owner, meant.department_id, meant.course_id, now)
    await write(rule_application.undo, owner, applied.undo_id, now)
    course_id = max(card.course_id for card in await office.engine.read(courses.catalogue, owner))
    await write(course_editing.archive, owner, course_id, now)
    await write(course_editing.restore, owner, course_id, now)
    await write(enrolling.give, owner, owner, course_id, now)
    await write(unenrolling.propose_one, owner, owner, course_id, now)


async def the_form_changes(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    await write(form_fields.add_field, owner, FieldDraft(label="Team", kind=Kind.TEXT), now)
    await write(form_fields.add_field, owner, FieldDraft(label="Shift", kind=Kind.TEXT), now)
    await write(form_fields.change_field, owner, "Team", FieldDraft(label="Crew", kind=Kind.TEXT), now)
    await write(form_fields.move_field, owner, "Crew", 2, now)
    await write(form_fields.remove_field, owner, "Shift", now)


async def people_come_and_go(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    added = await write(people.add, owner, a_form().newcomer, FAST_HASH, "Sales / EMEA", now)
    await write(people.transfer, owner, added.user_id, "Sales", now)
    for twice in (people.deactivate, people.activate):
        await write(twice, owner, added.user_id, now)
        await write(twice, owner, added.user_id, now)
    await write(people.delete, owner, added.user_id, now)


async def roles_change(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    await write(roles.add, owner, "Skipper", (Permission.MANAGE_PEOPLE,), now)
    await write(roles.change, owner, "Skipper", (Permission.MANAGE_PROFILES,), now)
    await write(role_removal.remove, owner, "Skipper", now)
    administrator = await a_user(office.engine, Role.ADMINISTRATOR, telegram_id=1002)
    await write(roles.assign, owner, administrator, "department administrator", ("Sales",), now)
    await write(roles.assign, owner, administrator, "administrator", (), now)
    await write(ownership_transfer.transfer, owner, administrator, now)


async def staff_is_invited(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    made = await write(invitations.invite, owner, "administrator", (), now)
    await write(invitations.accept, made.code, claimant(1002), now)
    await write(invitations.invite, owner, "administrator", (), now)
    [waiting] = await office.engine.read(invitations.waiting, owner, now)
    await write(invitations.withdraw, owner, waiting.invitation_id, now)
    asked = await write(invitations.invite_person, owner, await a_user(office.engine, Role.ADMINISTRATOR), now)
    await write(invitations.accept, asked.code, claimant(1003), now)


async def profiles_change(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    number = (await office.profile()).profile_id
    await write(profile_editing.edit, owner, number, Change(field=EditedField.NAME, value="Winter"), now)
    for paused in (True, True, False, False):
        await office.engine.write(profile_editing.pause, owner, number, now, paused=paused)
    await write(profile_editing.close_now, owner, number, now)
    await write(profile_links.add, owner, number, "poster", now)
    await write(profile_links.rename, owner, number, "poster", "leaflet", now)
    await write(profile_links.replace, owner, number, now)
    posted = await write(live_cards.post, owner, number, Group(chat_id=-8, thread_id=None, title="Crew"), "en", now)
    await write(live_cards.stop, owner, posted.card_id, now)
    await write(profile_removal.remove, owner, [number], now)
    await write(profile_removal.undo, owner, [number], now)


async def sign_ups_are_answered(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    await write(policies.switch, owner, Switch.APPROVAL, now, on=True)
    card = await office.profile()
    made = [(await office.sign_up(card.token, email)).user_id for email in ("anna@example.com", "boris@example.com")]
    await write(pending_sign_ups.approve, owner, made[0], now)
    await write(pending_sign_ups.decline, owner, made[1], "not ours", now)
    await write(history.begin_export, owner, card.profile_id, now)
    await write(progress.begin_export, owner, progress.Cohort(profile_id=card.profile_id), now)
    await write(report_exports.begin, owner, "week", now)
    [entry] = (await office.engine.read(history.page, owner, card.profile_id)).entries
    await write(history.return_activation, owner, entry.activation_id, "twice", now)


async def passwords_are_made_anew(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    added = await write(people.add, owner, a_form().newcomer, FAST_HASH, "Sales / EMEA", now)
    made = await write(password_links.make, owner, added.user_id, now)
    await write(password_links.use, made.code, FAST_HASH, now)
    await write(own_details.change, added.user_id, "phone", {"phone": "+371 20000000"}, now)
    await write(person_corrections.correct, office.owner_id, added.user_id, "phone", "", now)


async def people_are_expected(office: Office) -> None:
    await _people_of_a_roster(office, through((await office.profile()).profile_id))


async def people_are_expected_in_a_department(office: Office) -> None:
    await _people_of_a_roster(office, await within(office.engine, "Sales"))


async def _people_of_a_roster(office: Office, of: RosterOf) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    await keep(office.engine, owner, of, listed(ANNA, JANIS))
    await write(let_only_expected, owner, of, now)
    await write(rosters.begin_export, owner, of, now)
    person, _ = (await office.engine.read(rosters.missing, owner, of)).people
    await write(rosters.take_off, owner, of, person.number, now)
    await write(rosters.remove, owner, of, now)


async def requests_for_access_are_answered(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    card = await office.profile(limit="1")
    await office.sign_up(card.token)
    for number in (1, 2):
        entered = {"first_name": "Boris", "last_name": "Bo", "email": f"{number}@example.com"}
        await write(access_requests.ask, card.token, entered, now)
    granted, declined = (await office.engine.read(request_answers.listing, owner, now)).asked
    await write(request_answers.grant, owner, granted.request_id, Cure.PLACE, now)
    await write(request_answers.decline, owner, declined.request_id, now)


async def personal_data_are_given_and_erased(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    await write(retention.change, owner, Kept.LISTS, "30", now)
    user_id = await a_user(office.engine, Role.LEARNER)
    await write(personal_data.export, owner, user_id, now)
    await write(person_erasure.erase, owner, user_id, now)


async def a_link_is_sent_by_mail(office: Office) -> None:
    read, write, owner, now = office.engine.read, office.engine.write, office.owner_id, office.engine.now()
    number, listed = (await office.profile()).profile_id, [ListedPerson(row=1, email="anna@example.com")]
    sent = await write(
        awaited_lists.receive, owner, About.LINK_MAIL, through(number), {"text": "anna@example.com"}, now
    )
    shown = await read(link_mail_lists.preview, owner, number, listed, now, most=9, language="en")
    question = sent.question_id
    sending = Sending(most=9, language="en")
    await write(link_mail_lists.send, owner, question, listed, now, sending, seen=shown.seen)
    await write(lambda session: session.execute(update(OutgoingMail).values(state=MessageState.FAILED)))
    seen = (await read(link_mails.show, owner, number, now)).seen
    await write(link_resending.resend, owner, number, now, sending, seen=seen)
    await write(link_mails.withdraw, owner, number, now)


async def people_are_reminded(office: Office) -> None:
    read, write, owner, now = office.engine.read, office.engine.write, office.owner_id, office.engine.now()
    number = (await office.profile()).profile_id
    await expect(office, number, ANNA)
    place, sending = Place(profile_id=number), Sending(most=9, language="en")
    seen = (await read(reminders.preview_missing, owner, through(number), number, now, 9)).seen
    await write(reminders.remind_missing, owner, through(number), number, now, sending, seen=seen)
    await write(planned_reminders.take_back, owner, owner, now, now)
    await write(reminder_rules.change, owner, place, Occasion.NOT_COME, now, on=True, days=3)
    await write(reminder_rules.inherit, owner, place, Occasion.NOT_COME, now)
    [person] = (await read(rosters.missing, owner, through(number))).people
    await write(rosters.take_off, owner, through(number), person.number, now)
    await write(alerts.switch, owner, Alert.RUSH, now, on=False)


async def a_rush_is_taken_back(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    card = await office.profile()
    people = {"profile": card.profile_id, "people": [(await office.sign_up(card.token)).user_id]}
    done = await write(rush_undo.confirm, owner, await write(questions.ask, owner, About.RUSH, people, now), now)
    await write(rush_undo.bring_back, owner, done.back_id, now)


async def a_rush_of_those_who_wait_is_declined(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    await write(policies.switch, owner, Switch.APPROVAL, now, on=True)
    card = await office.profile()
    people = {"profile": card.profile_id, "people": [(await office.sign_up(card.token)).user_id]}
    question = await write(questions.ask, owner, About.RUSH_DECLINE, people, now)
    done = await write(rush_declines.confirm, owner, question, now)
    await write(rush_declines.bring_back, owner, done.back_id, now)


async def all_who_wait_are_declined(office: Office) -> None:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    await write(policies.switch, owner, Switch.APPROVAL, now, on=True)
    await office.sign_up((await office.profile()).token)
    asked = await write(joint_answers.propose, owner, Answer.DECLINE, "", now)
    assert asked
    done = await write(joint_answers.confirm, owner, asked.question_id, now)
    assert done.back_id
    await write(joint_answers.bring_back, owner, done.back_id, now)


async def digests_go_to_a_group(office: Office) -> None:
    read, write, owner, now = office.engine.read, office.engine.write, office.owner_id, office.engine.now()
    for cadence in (None, parse_cadence("daily 18:00")):  # now, and regularly
        await write(group_digests.order, owner, CREW, cadence, now)
        question = await read(lambda session: max(session.scalars(select(Question.id))))
        await write(group_digests.confirm, owner, question, now)
    [connection] = await read(group_digests.connections, owner)
    run = await read(lambda session: max(session.scalars(select(DigestRun.id))))
    await write(digest_spreadsheets.begin, owner, run, CREW.chat_id, now)
    await write(group_digests.revoke, owner, connection.digest_id, now)


async def the_operator_acts(office: Office) -> None:
    write, now = office.engine.write, office.engine.now()
    code = await write(ownership.replacement_code, "secret", now)
    await write(ownership.claim_by_code, "secret", code, claimant(1005), now)
    await write(belonging.adopt, "1234", now)


def claimant(telegram_id: int) -> Claimant:
    return Claimant(telegram_id=telegram_id, first_name="Rita", last_name="New", language="en")


def by_owner(*recorded: tuple[Action, str]) -> list[Line]:
    return [("Olivia Owner", action, subject) for action, subject in recorded]


SET_UP = by_owner(
    (Action.OWNER_CLAIMED, "Olivia Owner"),
    (Action.SIGN_UP_SWITCHED, ""),
    (Action.DEPARTMENT_ADDED, "Sales"),
    (Action.DEPARTMENT_ADDED, "Sales / EMEA"),
    (Action.COURSE_ADDED, "Safety first"),
    (Action.RULE_ADDED, "Safety first"),
)
RECORDED: list[tuple[Callable[[Office], Awaitable[None]], list[Line]]] = [
    (
        the_account_changes,
        by_owner(
            (Action.ACCOUNT_NAMED, ""),
            (Action.ZONE_CHANGED, ""),
            (Action.SIGN_UP_SWITCHED, ""),
            *3 * [(Action.POLICY_CHANGED, "")],
        ),
    ),
    (
        departments_change,
        by_owner(
            (Action.DEPARTMENT_ADDED, "Support"),
            (Action.DEPARTMENT_RENAMED, "Helpdesk"),
            (Action.DEPARTMENT_MOVED, "Sales / Helpdesk"),
            (Action.DEPARTMENT_REMOVED, "Sales / Helpdesk"),
        ),
    ),
    (
        courses_change,
        by_owner(
            (Action.COURSE_ADDED, "Welcome"),
            (Action.RULE_ADDED, "Welcome"),
            (Action.RULE_REMOVED, "Welcome"),
            (Action.COURSE_CHANGED, "Welcome"),
            (Action.RULE_ADDED, "Welcome"),
            (Action.RULE_APPLIED, "Welcome"),
            (Action.RULE_APPLICATION_UNDONE, "Welcome"),
            (Action.COURSE_ARCHIVED, "Welcome"),
            (Action.COURSE_RESTORED, "Welcome"),
            (Action.COURSE_GIVEN, "Olivia Owner"),
            (Action.COURSE_TAKEN_BACK, "Olivia Owner"),
        ),
    ),
    (
        the_form_changes,
        by_owner(
            (Action.FIELD_ADDED, "Team"),
            (Action.FIELD_ADDED, "Shift"),
            *2 * [(Action.FIELD_CHANGED, "Crew")],
            (Action.FIELD_REMOVED, "Shift"),
        ),
    ),
    (
        people_come_and_go,
        by_owner(
            (Action.USER_ADDED, "Anna Berzina"),
            (Action.USER_TRANSFERRED, "Anna Berzina"),
            (Action.USER_DEACTIVATED, "Anna Berzina"),
            (Action.USER_ACTIVATED, "Anna Berzina"),
            (Action.USER_DELETED, "Anna Berzina"),
        ),
    ),
    (
        roles_change,
        by_owner(
            (Action.ROLE_ADDED, "Skipper"),
            (Action.ROLE_CHANGED, "Skipper"),
            (Action.ROLE_REMOVED, "Skipper"),
            *2 * [(Action.ROLE_ASSIGNED, "Maris Meier")],
            (Action.OWNERSHIP_TRANSFERRED, "Maris Meier"),
        ),
    ),
    (
        staff_is_invited,
        [
            ("Olivia Owner", Action.INVITATION_MADE, "account administrator"),
            ("Rita New", Action.INVITATION_ACCEPTED, "account administrator"),
            *by_owner(
                (Action.INVITATION_MADE, "account administrator"),
                (Action.INVITATION_WITHDRAWN, "account administrator"),
                (Action.PERSON_INVITED, "Maris Meier"),
            ),
            ("Maris Meier", Action.PERSON_ENTERED, "Maris Meier"),
        ],
    ),
    (
        profiles_change,
        by_owner(
            (Action.PROFILE_CREATED, "Autumn sales"),
            (Action.PROFILE_EDITED, "Winter"),
            (Action.PROFILE_PAUSED, "Winter"),
            (Action.PROFILE_RESUMED, "Winter"),
            (Action.PROFILE_EDITED, "Winter"),
            (Action.LINK_ADDED, "Winter"),
            (Action.LINK_RENAMED, "Winter"),
            (Action.LINK_REPLACED, "Winter"),
            (Action.CARD_POSTED, "Winter"),
            (Action.CARD_TAKEN_OUT, "Winter"),
            (Action.PROFILE_REMOVED, "Winter"),
            (Action.PROFILE_RESTORED, "Winter"),
        ),
    ),
    (
        digests_go_to_a_group,
        by_owner(
            (Action.DIGEST_SENT_TO_GROUP, "Crew"),
            (Action.GROUP_CONNECTED, "Crew"),
            (Action.DIGEST_EXPORTED, ""),
            (Action.GROUP_DISCONNECTED, "Crew"),
        ),
    ),
    (
        the_operator_acts,
        [
            (None, Action.OWNER_LINK_MADE, "Olivia Owner"),
            (None, Action.OWNER_REPLACED, "Rita New"),
            (None, Action.DATABASE_ADOPTED, ""),
        ],
    ),
    (
        passwords_are_made_anew,
        [
            *by_owner((Action.USER_ADDED, "Anna Berzina"), (Action.PASSWORD_LINK_MADE, "Anna Berzina")),
            ("Anna Berzina", Action.PASSWORD_SET, "Anna Berzina"),
            ("Anna Berzina", Action.DETAILS_CHANGED, "Anna Berzina"),
            *by_owner((Action.PERSON_CORRECTED, "Anna Berzina")),
        ],
    ),
    (
        people_are_expected,
        by_owner(
            (Action.PROFILE_CREATED, "Autumn sales"),
            (Action.ROSTER_KEPT, "Autumn sales"),
            (Action.ROSTER_SWITCHED, "Autumn sales"),
            (Action.ROSTER_EXPORTED, "Autumn sales"),
            (Action.EXPECTED_REMOVED, "Autumn sales"),
            (Action.ROSTER_REMOVED, "Autumn sales"),
            (Action.ROSTER_SWITCHED, "Autumn sales"),
        ),
    ),
    (
        people_are_expected_in_a_department,
        by_owner(
            (Action.DEPARTMENT_ROSTER_KEPT, "Sales"),
            (Action.DEPARTMENT_ROSTER_SWITCHED, "Sales"),
            (Action.DEPARTMENT_ROSTER_EXPORTED, "Sales"),
            (Action.DEPARTMENT_EXPECTED_REMOVED, "Sales"),
            (Action.DEPARTMENT_ROSTER_REMOVED, "Sales"),
            (Action.DEPARTMENT_ROSTER_SWITCHED, "Sales"),
        ),
    ),
    (
        personal_data_are_given_and_erased,
        by_owner((Action.RETENTION_CHANGED, ""), (Action.PERSON_EXPORTED, "#2"), (Action.USER_ERASED, "#2")),
    ),
    (
        requests_for_access_are_answered,
        by_owner(
            (Action.PROFILE_CREATED, "Autumn sales"),
            (Action.PROFILE_EDITED, "Autumn sales"),
            (Action.REQUEST_GRANTED, "Autumn sales"),
            (Action.REQUEST_DECLINED, "Autumn sales"),
        ),
    ),
    (
        a_link_is_sent_by_mail,
        by_owner(
            (Action.PROFILE_CREATED, "Autumn sales"),
            (Action.LINK_SENT, "Autumn sales"),
            (Action.LINK_RESENT, "Autumn sales"),
            (Action.LINK_WITHDRAWN, "Autumn sales"),
        ),
    ),
    (
        people_are_reminded,
        by_owner(
            (Action.PROFILE_CREATED, "Autumn sales"),
            (Action.ROSTER_KEPT, "Autumn sales"),
            (Action.PEOPLE_REMINDED, "Autumn sales"),
            (Action.REMINDERS_TAKEN_BACK, "Autumn sales"),
            (Action.REMINDERS_CHANGED, "Autumn sales"),
            (Action.REMINDERS_CHANGED, "Autumn sales"),
            (Action.EXPECTED_REMOVED, "Autumn sales"),
            (Action.ALERT_SWITCHED, ""),
        ),
    ),
    (
        a_rush_is_taken_back,
        by_owner(
            (Action.PROFILE_CREATED, "Autumn sales"),
            (Action.USER_DEACTIVATED, "Anna Berzina"),
            (Action.RUSH_TAKEN_BACK, "Autumn sales"),
            (Action.USER_ACTIVATED, "Anna Berzina"),
            (Action.RUSH_BROUGHT_BACK, "Autumn sales"),
        ),
    ),
    (
        a_rush_of_those_who_wait_is_declined,
        by_owner(
            (Action.POLICY_CHANGED, ""),
            (Action.PROFILE_CREATED, "Autumn sales"),
            (Action.RUSH_DECLINED, "Autumn sales"),
            (Action.RUSH_WAITS_AGAIN, "Autumn sales"),
        ),
    ),
    (
        all_who_wait_are_declined,
        by_owner(
            (Action.POLICY_CHANGED, ""),
            (Action.PROFILE_CREATED, "Autumn sales"),
            (Action.DECLINED_TOGETHER, "Autumn sales"),
            (Action.WAIT_AGAIN_TOGETHER, "Autumn sales"),
        ),
    ),
    (
        sign_ups_are_answered,
        by_owner(
            (Action.POLICY_CHANGED, ""),
            (Action.PROFILE_CREATED, "Autumn sales"),
            (Action.SIGN_UP_APPROVED, "Anna Berzina"),
            (Action.SIGN_UP_DECLINED, "#3"),
            (Action.HISTORY_EXPORTED, "Autumn sales"),
            (Action.PROGRESS_EXPORTED, "Autumn sales"),
            (Action.REPORT_EXPORTED, ""),
            (Action.ACTIVATION_RETURNED, "Autumn sales"),
        ),
    ),
]


@pytest.mark.parametrize(("what_happens", "recorded"), RECORDED)
async def test_each_change_is_recorded_once_with_its_actor_and_subject(
    office: Office, what_happens: Callable[[Office], Awaitable[None]], recorded: list[Line]
) -> None:
    await what_happens(office)
    reader = await a_user(office.engine, Role.ADMINISTRATOR)
    assert await log_of(office.engine, reader) == [*SET_UP, *recorded]


def test_every_action_is_among_them() -> None:
    lines = [*SET_UP, *(line for _, recorded in RECORDED for line in recorded)]
    assert {action for _, action, _ in lines} == set(Action)
