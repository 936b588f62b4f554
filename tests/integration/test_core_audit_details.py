"""What entries of the audit log say besides who did what: the subject's number and department, and what changed."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.services import departments
from core.services.audit_log import Action
from core.storage.tables import AuditLogEntry
from tests.integration.test_core_audit_log import RECORDED
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_user

Details = tuple[Action, int | None, int | None, dict[str, Any], dict[str, Any]]
"""An entry: of which kind, about which number, in which department, what was before, and what after."""

CREATED = {
    "department": ["Sales", "EMEA"],
    "start": "2026-11-23T12:00:00+00:00",
    "end": "2026-12-23T23:59:59+00:00",
    "limit": 50,
}
FIELD = {"kind": "text", "choices": [], "required": False, "at sign-up": True, "hint": "", "texts": []}
WRITTEN: dict[str, list[Details]] = {
    "the_account_changes": [
        (Action.ACCOUNT_NAMED, None, None, {"name": None}, {"name": "Acme"}),
        (Action.ZONE_CHANGED, None, None, {"zone": "UTC"}, {"zone": "Europe/Riga", "kept": "moments"}),
        (Action.SIGN_UP_SWITCHED, None, None, {"on": True}, {"on": False}),
        (Action.POLICY_CHANGED, None, None, {"approval": False}, {"approval": True}),
        (Action.POLICY_CHANGED, None, None, {"seats": None}, {"seats": 9}),
        (Action.POLICY_CHANGED, None, None, {"version": 0, "asked": False}, {"version": 1, "asked": True}),
    ],
    "departments_change": [
        (Action.DEPARTMENT_ADDED, 34, 34, {}, {}),
        (Action.DEPARTMENT_RENAMED, 34, 34, {"path": "Support"}, {"path": "Helpdesk"}),
        (Action.DEPARTMENT_MOVED, 34, 34, {"path": "Helpdesk"}, {"path": "Sales / Helpdesk"}),
        (Action.DEPARTMENT_REMOVED, 34, 34, {}, {"departments": 1, "profiles": 0}),
    ],
    "courses_change": [
        (Action.COURSE_ADDED, 2, None, {}, {"link": "https://learn.example.com/welcome", "days": None}),
        (Action.RULE_ADDED, 2, 2, {}, {"department": "Sales"}),
        (Action.RULE_REMOVED, 2, 2, {}, {"department": "Sales"}),
        (Action.COURSE_CHANGED, 2, None, {"days": None}, {"days": 7}),
        (Action.RULE_ADDED, 2, 2, {}, {"department": "Sales"}),
        (Action.RULE_APPLIED, 2, 2, {}, {"department": "Sales", "people": 0}),
        (Action.RULE_APPLICATION_UNDONE, 2, 2, {}, {"department": "Sales", "people": 0}),
        (Action.COURSE_ARCHIVED, 2, None, {}, {}),
        (Action.COURSE_RESTORED, 2, None, {}, {}),
        (Action.COURSE_GIVEN, 1, 1, {}, {"course": "Welcome"}),
        (Action.COURSE_TAKEN_BACK, 1, 1, {"course": "Welcome", "progress": "not started"}, {}),
    ],
    "the_form_changes": [
        (Action.FIELD_ADDED, 1, None, {}, {**FIELD, "label": "Team", "place": 1}),
        (Action.FIELD_ADDED, 2, None, {}, {**FIELD, "label": "Shift", "place": 2}),
        (Action.FIELD_CHANGED, 1, None, {**FIELD, "label": "Team", "place": 1}, {**FIELD, "label": "Crew", "place": 1}),
        (Action.FIELD_CHANGED, 1, None, {**FIELD, "label": "Crew", "place": 1}, {**FIELD, "label": "Crew", "place": 2}),
        (Action.FIELD_REMOVED, 2, None, {**FIELD, "label": "Shift", "place": 1}, {}),
    ],
    "people_come_and_go": [
        (Action.USER_ADDED, 12, 3, {}, {"department": ["Sales", "EMEA"], "state": "active"}),
        (Action.USER_TRANSFERRED, 12, 2, {"department": ["Sales", "EMEA"]}, {"department": ["Sales"]}),
        (Action.USER_DEACTIVATED, 12, 2, {}, {}),
        (Action.USER_ACTIVATED, 12, 2, {}, {}),
        (Action.USER_DELETED, 12, 2, {}, {}),
    ],
    "roles_change": [
        (Action.ROLE_ADDED, 1, None, {}, {"permissions": ["manage people"]}),
        (
            Action.ROLE_CHANGED,
            1,
            None,
            {"permissions": ["manage people"]},
            {"permissions": ["manage sign-up profiles"]},
        ),
        (Action.ROLE_REMOVED, 1, None, {}, {}),
        (Action.ROLE_ASSIGNED, 12, 1, {}, {"role": "department administrator", "departments": [["Sales"]]}),
        (Action.ROLE_ASSIGNED, 12, 1, {}, {"role": "account administrator", "departments": []}),
        (Action.OWNERSHIP_TRANSFERRED, 12, 1, {}, {}),
    ],
    "staff_is_invited": [
        (Action.INVITATION_MADE, 1, None, {}, {"role": "account administrator", "departments": []}),
        (Action.INVITATION_ACCEPTED, 1, None, {}, {"role": "account administrator", "departments": []}),
        (Action.INVITATION_MADE, 2, None, {}, {"role": "account administrator", "departments": []}),
        (Action.INVITATION_WITHDRAWN, 2, None, {}, {}),
        (Action.PERSON_INVITED, 13, 1, {}, {}),
        (Action.PERSON_ENTERED, 13, 1, {}, {}),
    ],
    "profiles_change": [
        (Action.PROFILE_CREATED, 21, 3, {}, CREATED),
        (Action.PROFILE_EDITED, 21, 3, {"name": "Autumn sales"}, {"name": "Winter"}),
        (Action.PROFILE_PAUSED, 21, 3, {}, {}),
        (Action.PROFILE_RESUMED, 21, 3, {}, {}),
        (Action.PROFILE_EDITED, 21, 3, {"paused": False}, {"paused": True}),
        (Action.LINK_ADDED, 21, 3, {}, {"label": "poster"}),
        (Action.LINK_RENAMED, 21, 3, {"label": "poster"}, {"label": "leaflet"}),
        (Action.LINK_REPLACED, 21, 3, {}, {"label": ""}),
        (Action.CARD_POSTED, 21, 3, {}, {"group": "Crew"}),
        (Action.CARD_TAKEN_OUT, 21, 3, {"group": "Crew"}, {}),
        (Action.PROFILE_REMOVED, 21, 3, {}, {}),
        (Action.PROFILE_RESTORED, 21, 3, {}, {}),
    ],
    "digests_go_to_a_group": [
        (Action.DIGEST_SENT_TO_GROUP, 1, 1, {}, {}),
        (Action.GROUP_CONNECTED, 1, 1, {}, {}),
        (Action.DIGEST_EXPORTED, None, None, {}, {"group": "Crew"}),
        (Action.GROUP_DISCONNECTED, 1, 1, {}, {}),
    ],
    "the_operator_acts": [
        (Action.OWNER_LINK_MADE, 1, 1, {}, {}),
        (Action.OWNER_REPLACED, 12, 1, {}, {}),
        (Action.DATABASE_ADOPTED, None, None, {"bot": ""}, {"bot": "1234"}),
    ],
    "passwords_are_made_anew": [
        (Action.USER_ADDED, 12, 3, {}, {"department": ["Sales", "EMEA"], "state": "active"}),
        (Action.PASSWORD_LINK_MADE, 12, 3, {}, {}),
        (Action.PASSWORD_SET, 12, 3, {}, {}),
        (Action.DETAILS_CHANGED, 12, 3, {}, {"details": ["phone"]}),
        (Action.PERSON_CORRECTED, 12, 3, {}, {"details": ["phone"]}),
    ],
    "people_are_expected": [
        (Action.PROFILE_CREATED, 21, 3, {}, CREATED),
        (Action.ROSTER_KEPT, 21, 3, {}, {"people": 2}),
        (Action.ROSTER_SWITCHED, 21, 3, {"only expected": False}, {"only expected": True}),
        (Action.ROSTER_EXPORTED, 21, 3, {}, {}),
        (Action.EXPECTED_REMOVED, 21, 3, {}, {"people": 1}),
        (Action.ROSTER_REMOVED, 21, 3, {"people": 1}, {}),
        (Action.ROSTER_SWITCHED, 21, 3, {"only expected": True}, {"only expected": False}),
    ],
    "people_are_expected_in_a_department": [
        (Action.DEPARTMENT_ROSTER_KEPT, 2, 2, {}, {"people": 2}),
        (Action.DEPARTMENT_ROSTER_SWITCHED, 2, 2, {"only expected": False}, {"only expected": True}),
        (Action.DEPARTMENT_ROSTER_EXPORTED, 2, 2, {}, {}),
        (Action.DEPARTMENT_EXPECTED_REMOVED, 2, 2, {}, {"people": 1}),
        (Action.DEPARTMENT_ROSTER_REMOVED, 2, 2, {"people": 1}, {}),
        (Action.DEPARTMENT_ROSTER_SWITCHED, 2, 2, {"only expected": True}, {"only expected": False}),
    ],
    "personal_data_are_given_and_erased": [
        (Action.RETENTION_CHANGED, None, None, {"lists_kept_days": 90}, {"lists_kept_days": 30}),
        (Action.PERSON_EXPORTED, 12, 1, {}, {}),
        (Action.USER_ERASED, 12, 1, {}, {}),
    ],
    "requests_for_access_are_answered": [
        (Action.PROFILE_CREATED, 21, 3, {}, {**CREATED, "limit": 1}),
        (Action.PROFILE_EDITED, 21, 3, {"limit": 1}, {"limit": 2}),
        (Action.REQUEST_GRANTED, 21, 3, {}, {}),
        (Action.REQUEST_DECLINED, 21, 3, {}, {}),
    ],
    "a_link_is_sent_by_mail": [
        (Action.PROFILE_CREATED, 21, 3, {}, CREATED),
        (Action.LINK_SENT, 21, 3, {}, {"addresses": 1, "personal": False}),
        (Action.LINK_RESENT, 21, 3, {}, {"addresses": 1}),
        (Action.LINK_WITHDRAWN, 21, 3, {}, {"addresses": 1}),
    ],
    "people_are_reminded": [
        (Action.PROFILE_CREATED, 21, 3, {}, CREATED),
        (Action.ROSTER_KEPT, 21, 3, {}, {"people": 1}),
        (Action.PEOPLE_REMINDED, 21, 3, {}, {"people": 1}),
        (Action.REMINDERS_TAKEN_BACK, 21, 3, {}, {"people": 1}),
        (Action.REMINDERS_CHANGED, 21, 3, {}, {"occasion": "not come", "on": True, "after": 3}),
        (Action.REMINDERS_CHANGED, 21, 3, {}, {"occasion": "not come", "own": False}),
        (Action.EXPECTED_REMOVED, 21, 3, {}, {"people": 1}),
        (Action.ALERT_SWITCHED, None, None, {"alert": "rush", "on": True}, {"alert": "rush", "on": False}),
    ],
    "a_rush_is_taken_back": [
        (Action.PROFILE_CREATED, 21, 3, {}, CREATED),
        (Action.USER_DEACTIVATED, 12, 3, {}, {}),
        (Action.RUSH_TAKEN_BACK, 21, 3, {}, {"people": 1}),
        (Action.USER_ACTIVATED, 12, 3, {}, {}),
        (Action.RUSH_BROUGHT_BACK, 21, 3, {}, {"people": 1}),
    ],
    "sign_ups_are_answered": [
        (Action.POLICY_CHANGED, None, None, {"approval": False}, {"approval": True}),
        (Action.PROFILE_CREATED, 21, 3, {}, CREATED),
        (Action.SIGN_UP_APPROVED, 12, 3, {}, {"profile": 21}),
        (Action.SIGN_UP_DECLINED, 13, 3, {}, {"profile": 21, "reason": "not ours"}),
        (Action.HISTORY_EXPORTED, 21, 3, {}, {}),
        (Action.PROGRESS_EXPORTED, 21, 3, {}, {}),
        (
            Action.REPORT_EXPORTED,
            None,
            None,
            {},
            {"start": "2026-11-23T00:00:00+00:00", "end": "2026-11-24T00:00:00+00:00"},
        ),
        (Action.ACTIVATION_RETURNED, 21, 3, {}, {"activation": 1, "reason": "twice"}),
    ],
}
HAPPENS: dict[str, Callable[[Office], Awaitable[None]]] = {each.__name__: each for each, _ in RECORDED}


async def others(office: Office) -> int:
    """Give people, profiles and departments different numbers; return that of the newest entry."""
    for number in range(10):
        await a_user(office.engine, Role.LEARNER, name=f"Other {number}", active=False)
    for number in range(20):
        await office.profile(name=f"Other {number}")
    for number in range(30):
        await office.engine.write(departments.add, office.owner_id, f"Other {number}", office.engine.now())
    return (await entries(office, 0))[-1].id


async def entries(office: Office, after: int) -> list[AuditLogEntry]:
    def run(session: Session) -> list[AuditLogEntry]:
        found = session.scalars(select(AuditLogEntry).where(AuditLogEntry.id > after).order_by(AuditLogEntry.id)).all()
        session.expunge_all()
        return list(found)

    return await office.engine.read(run)


@pytest.mark.deep
@pytest.mark.parametrize("name", WRITTEN)
async def test_an_entry_says_what_it_is_about_and_what_changed(office: Office, clock: Clock, name: str) -> None:
    newest = await others(office)
    await HAPPENS[name](office)
    found = await entries(office, newest)
    assert [(each.action, each.subject_id, each.department_id, each.before, each.after) for each in found] == WRITTEN[
        name
    ]
    assert {each.at for each in found} == {clock()}
