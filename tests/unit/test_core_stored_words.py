"""Words that databases hold: whoever changes one has to change the rows of all accounts, too, by a migration."""

from enum import StrEnum

import pytest

from core.domain import (
    access,
    access_requests,
    alerts,
    cadence,
    challenges,
    field_kinds,
    field_texts,
    inbox,
    ledger,
    mail,
    outbox,
    page_settings,
    progress,
    reminders,
)
from core.services import (
    audit_log,
    course_editing,
    leases,
    monitoring,
    people_selection,
    profile_changes,
    profile_selection,
    questions,
)

STORED: dict[type[StrEnum], str] = {
    access.Permission: (
        "manage account, manage roles, manage departments, manage courses, manage people, manage sign-up "
        "profiles, receive digests, read the log"
    ),
    access.Role: "owner, account administrator, department administrator, custom role, learner",
    access.UserState: "active, inactive, pending, deleted",
    access_requests.RequestState: "open, granted, used, declined, withdrawn, expired",
    alerts.Alert: "first learner, mostly used, full, places unused, seats, rush, access wanted",
    cadence.Frequency: "daily, weekly, monthly",
    challenges.Challenge: "auto, on, off",
    field_kinds.Kind: "text, unique text, number, date, time, phone, choice, country, name, email, login, password",
    field_texts.FieldText: "label, hint, choices",
    inbox.Standing: "known, stranger, answered",
    inbox.UpdateState: "waiting, claimed, answering, done, interrupted, unknown, given up",
    ledger.Event: "reserved, released, taken, returned, retaken",
    mail.MailKind: (
        "password reset, password changed, let in, declined, seat free, sign-up link, access granted, "
        "reminder, confirmation, has account, new address, address in use, address changed, address corrected"
    ),
    outbox.Kind: (
        "digest, digest picture, digest spreadsheet, digest stopped, digest right lost, digests resumable, "
        "first learner, profile full, unreachable, no seat left, access wanted, approval wanted, interrupted, "
        "group lost, group wanted, group connected, group revoked, invitation opened, owner replaced, "
        "password wanted, rights changed, account ready, reminder, sign-up declined, new courses, reminded in "
        "vain, mostly used, places unused, rush, waiting rush, seats scarce, card lost, "
        "reminders taken back"
    ),
    outbox.MessageState: "waiting, claimed, sending, sent, failed, unknown",
    page_settings.Asked: "off, optional, required",
    progress.Progress: "not started, started, completed",
    reminders.Occasion: "not come, not started, due soon, overdue",
    audit_log.Action: (
        "account named, zone changed, sign-up switched, policy changed, retention changed, database adopted, "
        "owner claimed, owner link made, owner replaced, ownership transferred, role added, role changed, "
        "role removed, role assigned, invitation made, invitation accepted, invitation withdrawn, person "
        "invited, person entered, department added, department renamed, department moved, department removed, "
        "user added, user transferred, user activated, user deactivated, user deleted, user erased, person "
        "exported, password link made, password set, details changed, person corrected, profile created, "
        "profile edited, profile paused, profile resumed, profile removed, profile restored, link added, link "
        "replaced, link renamed, card posted, card taken out, activation returned, sign-up approved, sign-up "
        "declined, request granted, request declined, course added, course changed, course archived, course "
        "restored, rule added, rule removed, rule applied, rule application undone, course given, course "
        "taken back, field added, field changed, field removed, group connected, group disconnected, digest "
        "sent to group, digest exported, history exported, roster kept, roster removed, roster switched, "
        "roster exported, progress exported, report exported, link sent, link resent, link withdrawn, people "
        "reminded, reminders taken back, alert switched, reminders changed, expected person removed, "
        "department roster kept, department roster removed, department roster switched, department roster "
        "exported, person of department roster removed, rush taken back, rush brought back, rush declined, "
        "rush waits again"
    ),
    course_editing.CourseField: "title, description, link, days",
    leases.LeaderRole: "receiving, delivery",
    monitoring.Trouble: "token refused, other poller, clock differs",
    people_selection.PeopleChange: "transfer, deactivate, delete",
    profile_changes.EditedField: "name, department, start, end, limit",
    profile_selection.BulkChange: "pause, resume, week",
    questions.About: (
        "group digest, role, role change, line, part, time, roster, link mail, course change, course undo, "
        "rule undo, enrolment, enrolment undo, unenrolment, unenrolment undo, correction, transfer, transfer "
        "undo, list, pasted people, undo, search, role draft, people to remind, departments, people, logo "
        "undo, people undo, rush, rush undo, rush decline, rush decline undo"
    ),
}


@pytest.mark.parametrize("words", STORED, ids=lambda each: f"{each.__module__}.{each.__name__}")
def test_what_is_stored_of_a_choice_is_still_one(words: type[StrEnum]) -> None:
    assert [word for word in STORED[words].split(", ") if word not in list(words)] == []
