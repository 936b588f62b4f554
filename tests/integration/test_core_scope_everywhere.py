"""Every use case, asked by who manages another branch: it says that there is nothing, changes nothing, tells nothing.

Each use case that takes an acting user stands in one of the two tables below.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Concatenate, ParamSpec

import pytest
from sqlalchemy.orm import Session

from core.domain.access import FOR_CUSTOM_ROLES, Permission, Role
from core.domain.access_requests import Cure
from core.domain.alerts import Alert
from core.domain.cadence import Cadence, Frequency
from core.domain.field_kinds import Kind
from core.domain.field_texts import FieldText
from core.domain.logos import Logo
from core.domain.reminder_rules import Place
from core.domain.reminders import Occasion
from core.domain.retention import Kept
from core.domain.rosters import RosterOf
from core.engine import Engine
from core.errors import (
    ActivationNotFound,
    CardGone,
    CohortNotFound,
    CourseGone,
    CourseReadOnly,
    DepartmentGone,
    DepartmentNotFound,
    DigestGone,
    NotAllowed,
    NothingToUndo,
    NotSubscribed,
    ProfileNotFound,
    QuestionClosed,
    Refusal,
    RequestNotOpen,
    RosterNotFound,
    SignUpNotPending,
    UnknownLink,
    UserNotFound,
)
from core.services import account as accounts
from core.services import (
    alerts,
    audit_log,
    awaited_lists,
    course_details,
    course_drafts,
    course_editing,
    courses,
    department_lists,
    department_picker,
    department_removal,
    department_tree,
    departments,
    digest_cards,
    digest_charts,
    digest_editing,
    digest_resuming,
    digest_spreadsheets,
    digests,
    edited_messages,
    enrolling,
    export,
    field_translations,
    form_fields,
    group_digests,
    history,
    interruptions,
    invitations,
    joint_answers,
    joint_request_answers,
    link_cures,
    link_mail_lists,
    link_mails,
    link_resending,
    live_cards,
    logos,
    missing_by_name,
    ownership_transfer,
    page_settings,
    password_links,
    password_requests,
    pending_sign_ups,
    people,
    people_list,
    people_lookup,
    people_selection,
    person_corrections,
    person_details,
    person_drafts,
    person_erasure,
    person_removal,
    personal_data,
    picture_themes,
    planned_reminders,
    policies,
    profile_copying,
    profile_drafts,
    profile_edit_drafts,
    profile_editing,
    profile_extending,
    profile_links,
    profile_lists,
    profile_removal,
    profile_selection,
    profiles,
    progress,
    progress_lookup,
    reminder_rules,
    reminders,
    reminders_in_vain,
    report_charts,
    report_exports,
    reports,
    request_answers,
    retention,
    role_drafts,
    role_grants,
    role_removal,
    roles,
    roster_additions,
    roster_lists,
    roster_lockouts,
    roster_pages,
    rosters,
    rule_application,
    rush_declines,
    rush_undo,
    sign_up_forms,
    time_zone,
    transfers,
    unconfirmed,
    undelivered_digests,
    unenrolling,
    unlisted_arrivals,
    waiting_sign_ups,
)
from core.services.course_editing import CourseField
from core.services.field_translations import Translation
from core.services.form_fields import FieldDraft
from core.services.group_digests import Group
from core.services.joint_answers import Answer
from core.services.link_mails import Sending
from core.services.page_settings import PageSetting
from core.services.people_selection import PeopleChange
from core.services.policies import Switch
from core.services.profile_editing import Change, EditedField, Settled
from core.services.profile_selection import BulkChange
from core.services.progress import Cohort, Which
from core.services.questions import About
from core.services.roster_lockouts import Lockout
from core.services.time_zone import Keep
from tests.integration.test_core_authorisation import use_cases
from tests.support.account import Office, a_form
from tests.support.rosters import through
from tests.support.rows import a_draft
from tests.support.two_branches import CHAT, MINE, MY_EMAIL, OUTSIDE, TURN, Branches, contents, two_branches

P = ParamSpec("P")
NOTHING_THERE = (
    ActivationNotFound,
    CardGone,
    CohortNotFound,
    CourseGone,
    CourseReadOnly,
    DepartmentGone,
    DepartmentNotFound,
    DigestGone,
    NotAllowed,
    NothingToUndo,
    NotSubscribed,
    ProfileNotFound,
    QuestionClosed,
    RequestNotOpen,
    RosterNotFound,
    SignUpNotPending,
    UnknownLink,
    UserNotFound,
)
NOW = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
SAFETY = 1  # a course that nobody outside has
SEAMANSHIP = 2  # a course that only a department outside gives
DAILY = Cadence(frequency=Frequency.DAILY, at=time(9))
PLACE = {"chat_id": 1, "update_id": 1}
SENDING = Sending(most=9, language="en")
DRAFT = {"ends": NOW.isoformat(), "limit": 50}
FIELD = FieldDraft(label="Team", kind=Kind.TEXT)
TRANSLATION = Translation(language="es", what=FieldText.LABEL, text="Camarote")


@dataclass(frozen=True)
class Call:
    """A use case with all but the session and the acting user."""

    name: str
    run: Callable[[Session, int], object]


def call(use_case: Callable[Concatenate[Session, int, P], object], *args: P.args, **kwargs: P.kwargs) -> Call:
    """Keep a call for later; its arguments are checked by type."""
    name = f"{use_case.__module__.rsplit('.', 1)[-1]}.{use_case.__name__}"
    return Call(name, lambda session, actor_id: use_case(session, actor_id, *args, **kwargs))


def about_a_roster(of: RosterOf, there: Branches) -> list[Call]:
    """Give calls that are about one roster."""
    return [
        call(awaited_lists.ask, About.ROSTER, of, PLACE, NOW),
        call(roster_lists.expectations, of, "en"),
        call(roster_lists.preview, of, ()),
        call(awaited_lists.receive, About.ROSTER, of, {"text": there.email}, NOW),
        call(rosters.take_off, of, 1, NOW),
        call(rosters.begin_export, of, NOW),
        call(rosters.let_everybody, of, NOW),
        call(roster_lockouts.of_switch, of, NOW),
        call(roster_lockouts.of_list, of, (), NOW, replace=True),
        call(roster_lockouts.switch_on, of, NOW, seen="", lockout=Lockout.ADD),
        call(rosters.missing, of),
        call(unlisted_arrivals.page, of),
        call(rosters.missing_with, of, [there.email]),
        call(missing_by_name.find, of, {"Olga": ["Olga"]}),
        call(rosters.removal, of),
        call(rosters.remove, of, NOW),
        call(rosters.show, of),
        call(link_mail_lists.missing, of, there.profile),
        call(link_mails.show, there.profile, NOW, of=of),
        call(link_resending.resend, there.profile, NOW, SENDING, seen="", of=of),
        call(link_resending.add_to_lists, there.profile, NOW, seen="", of=of),
        call(reminders.preview_missing, of, there.profile, NOW, 100),
        call(reminders.remind_missing, of, there.profile, NOW, SENDING, seen="", chosen=(1,)),
        call(roster_additions.add_missing, of, there.profile, NOW, seen=""),
        call(rosters.links, of, NOW),
    ]


def outside(there: Branches) -> list[Call]:
    """Give calls that point at something outside, or that would change the account: each must refuse."""
    to_outside = Change(field=EditedField.DEPARTMENT, value=OUTSIDE)
    renamed = Change(field=EditedField.NAME, value="Mine now")
    values = {**DRAFT, "name": "Mine now", "department": there.department, "starts": NOW.isoformat()}
    edited = {**values, "profile": there.profile, "base": values}
    return [
        call(accounts.rename, "Mine now", NOW),
        call(accounts.set_up),
        call(accounts.switch_sign_up, NOW, on=False),
        call(pending_sign_ups.approve, there.pending, NOW),
        call(pending_sign_ups.decline, there.pending, "no", NOW),
        call(pending_sign_ups.free_unconfirmed, there.pending, NOW),
        call(waiting_sign_ups.listing, "", NOW, profile_id=there.profile),
        call(waiting_sign_ups.waiting, there.pending, NOW),
        call(waiting_sign_ups.unconfirmed, there.pending, NOW),
        call(course_editing.archive, SEAMANSHIP, NOW),
        call(course_editing.ask, SEAMANSHIP, CourseField.TITLE, "Ropes", NOW),
        call(course_editing.confirm, 77, NOW),
        call(course_editing.preview_archiving, "Seamanship", NOW),
        call(course_editing.propose, "Seamanship", CourseField.DAYS, "7", NOW),
        call(course_editing.restore, SEAMANSHIP, NOW),
        call(course_editing.undo, 77, NOW),
        call(link_cures.cure, there.profile, Cure.PLACES, NOW),
        call(request_answers.asked, there.request, NOW),
        call(request_answers.grant, there.request, Cure.KEEP, NOW),
        call(request_answers.decline, there.request, NOW),
        call(rule_application.apply, there.department, SEAMANSHIP, NOW),
        call(rule_application.preview, OUTSIDE, "Seamanship"),
        call(rule_application.undo, 77, NOW),
        call(enrolling.confirm, 77, NOW),
        call(enrolling.give, there.learner, SAFETY, NOW),
        call(enrolling.propose, there.email, "Safety first", NOW),
        call(enrolling.propose, f"{MY_EMAIL}, {there.email}", "Safety first", NOW),
        call(enrolling.undo, 77, NOW),
        call(unenrolling.confirm, 77, NOW),
        call(unenrolling.propose, there.email, "Seamanship", NOW),
        call(unenrolling.propose_one, there.learner, SEAMANSHIP, NOW),
        call(unenrolling.undo, 77, NOW),
        call(people_lookup.named, f"{MY_EMAIL}, {there.email}"),
        call(courses.add_rule, OUTSIDE, "Safety first", NOW),
        call(courses.remove_rule, OUTSIDE, "Seamanship", NOW),
        call(departments.add, f"{OUTSIDE} / Pier", NOW),
        call(departments.add, OUTSIDE, NOW),
        call(departments.add, "West", NOW),
        call(department_lists.propose, (f"{OUTSIDE} / Pier",), None, NOW),
        call(department_lists.propose, ("Pier",), there.department, NOW),
        call(department_lists.confirm, 77, NOW),
        call(department_tree.find, f"#{there.department}"),
        call(department_tree.path, there.department),
        call(department_tree.show, there.department, 0, 9),
        call(departments.move, MINE, OUTSIDE, NOW),
        call(departments.move, OUTSIDE, MINE, NOW),
        call(departments.move, MINE, "", NOW),
        call(departments.preview_move, MINE, OUTSIDE),
        call(departments.preview_move, OUTSIDE, MINE),
        call(departments.preview_move, MINE, ""),
        call(department_removal.preview, OUTSIDE, NOW),
        call(department_removal.remove, OUTSIDE, NOW),
        call(departments.rename, OUTSIDE, "Mine now", NOW),
        call(person_details.show, there.learner, NOW),
        call(progress_lookup.find, OUTSIDE),
        call(progress_lookup.find, "Zelda Berzina"),
        call(progress_lookup.find, "zola"),
        call(progress.of_person, there.learner, NOW),
        call(progress.overview, Cohort(profile_id=there.profile), NOW),
        call(progress.overview, Cohort(department_id=there.department), NOW),
        call(progress.page, Cohort(department_id=there.department), Which.ALL, NOW),
        call(progress.overview, Cohort(course_id=SEAMANSHIP), NOW),
        call(progress.page, Cohort(course_id=SEAMANSHIP), Which.ALL, NOW),
        call(progress_lookup.find, "Seamanship"),
        call(reminders.preview_behind, Cohort(course_id=SEAMANSHIP), Which.NOT_STARTED, NOW, 100),
        call(progress.begin_export, Cohort(profile_id=there.profile), NOW),
        call(progress.exported, Cohort(profile_id=there.profile), NOW, size=10),
        call(progress.exported, Cohort(department_id=there.department), NOW, size=10),
        call(progress.chosen, Cohort(department_id=there.department)),
        call(reminders.preview_behind, Cohort(profile_id=there.profile), Which.OVERDUE, NOW, 100),
        call(reminders.remind_behind, Cohort(department_id=there.department), Which.OVERDUE, NOW, SENDING, seen=""),
        call(planned_reminders.show, 77, NOW, NOW),
        call(planned_reminders.take_back, 77, NOW, NOW),
        call(unconfirmed.listing, NOW),
        call(department_picker.add, f"{OUTSIDE} / Pier", NOW),
        call(department_picker.choices, there.department, 0),
        call(department_picker.take, there.department),
        call(profile_editing.close_now, there.profile, NOW),
        call(profile_editing.edit, there.profile, renamed, NOW),
        call(profile_editing.edit, there.my_profile, to_outside, NOW),
        call(profile_editing.pause, there.profile, NOW, paused=True),
        call(profile_editing.settled, there.profile, EditedField.LIMIT, 7, NOW),
        call(profile_extending.add_places, there.profile, NOW, limit=50),
        call(profile_extending.add_week, there.profile, NOW, ends_at=7),
        call(profile_extending.undo, there.profile, Settled(field=EditedField.LIMIT, value=7, seen=""), NOW, at=NOW),
        call(rush_undo.show, there.profile, NOW),
        call(rush_undo.propose, there.profile, 0, NOW),
        call(rush_undo.confirm, 77, NOW),
        call(rush_undo.bring_back, 77, NOW),
        call(rush_declines.show, there.profile, NOW),
        call(rush_declines.propose, there.profile, 0, NOW),
        call(rush_declines.confirm, 77, NOW),
        call(rush_declines.bring_back, 77, NOW),
        call(joint_answers.propose, Answer.APPROVE, "", NOW, profile_id=there.profile),
        call(joint_answers.confirm, 77, NOW),
        call(joint_answers.bring_back, 77, NOW),
        call(joint_request_answers.confirm, 77, NOW),
        call(profile_editing.preview, there.profile, renamed, NOW),
        call(profile_editing.preview, there.my_profile, to_outside, NOW),
        call(profile_editing.save, there.profile, Settled(field=EditedField.LIMIT, value=None, seen=""), NOW),
        call(export.page, there.profile),
        call(form_fields.add_field, FIELD, NOW),
        call(form_fields.change_field, "Cabin", FIELD, NOW),
        call(form_fields.card, "Cabin"),
        call(form_fields.listing),
        call(sign_up_forms.built_in_asked),
        call(field_translations.translate, "Cabin", TRANSLATION, NOW),
        call(form_fields.move_field, "Cabin", 1, NOW),
        call(form_fields.preview_removal, "Cabin"),
        call(form_fields.remove_field, "Cabin", NOW),
        call(live_cards.in_groups, there.profile),
        call(live_cards.lost, 77),
        call(live_cards.post, there.profile, Group(chat_id=-7, thread_id=None, title="Crew"), "en", NOW),
        call(live_cards.shared, there.profile, "message", "", "en", NOW),
        call(live_cards.stop, 77, NOW),
        call(group_digests.confirm, 77, NOW),
        call(group_digests.connected, 1),
        call(digest_cards.branches, there.department, 0),
        call(digest_cards.card, 1),
        call(digest_resuming.lost_group_of, 1),
        call(digest_resuming.stopped_with, 1),
        call(group_digests.order_move, Group(chat_id=-7, thread_id=None, title="Crew"), 1, NOW),
        call(digest_cards.profile_choices, 1, 0, NOW),
        call(digest_editing.add, there.department, 7, NOW, newest=0),
        call(digest_editing.choose_all_profiles, 1),
        call(digest_editing.choose_department, 1, None),
        call(digest_editing.choose_profile, 1, there.profile, chosen=True),
        call(digest_editing.remove, 1, NOW),
        call(digest_editing.reschedule, 1, DAILY, NOW),
        call(digest_editing.restore, 1, 7, NOW),
        call(digest_editing.send, 1, NOW),
        call(digest_editing.be_quiet, 1, on=True),
        call(digest_editing.bring_home, 1, NOW),
        call(digest_editing.send_picture, 1, on=True),
        call(digest_editing.send_spreadsheet, 1, on=True, seen=0),
        call(digest_charts.chart, there.run),
        call(digest_resuming.stopped_of, there.learner),
        call(digest_spreadsheets.begin, there.run, 7, NOW),
        call(digest_spreadsheets.outline, there.run),
        call(digest_spreadsheets.page, there.run, NOW),
        call(undelivered_digests.send_again, there.run, NOW),
        call(group_digests.decline, 77, NOW),
        call(group_digests.revoke, 1, NOW),
        call(group_digests.wanted, 77, NOW),
        call(history.begin_export, there.profile, NOW),
        call(history.page, there.profile),
        call(history.returnable, there.activation),
        call(history.return_activation, there.activation, "no", NOW),
        call(invitations.invite, "administrator", (), NOW),
        call(invitations.opened, there.invitation),
        call(invitations.invite_person, there.learner, NOW),
        call(invitations.invite, "department administrator", (OUTSIDE,), NOW),
        call(invitations.waiting, NOW),
        call(invitations.withdraw, there.invitation, NOW),
        call(profile_links.add, there.profile, "poster", NOW),
        call(profile_links.check, there.token, "", NOW),
        call(profile_links.listing, there.profile, NOW),
        call(profile_links.rename, there.profile, "poster", "leaflet", NOW),
        call(profile_links.replace, there.profile, NOW),
        call(people.activate, there.inactive, NOW),
        call(people.add, a_form("new@example.com").newcomer, "hash", OUTSIDE, NOW),
        call(password_links.make, there.learner, NOW),
        call(password_links.make, there.pending, NOW),
        call(password_links.add_person, a_form("new@example.com").newcomer, OUTSIDE, NOW),
        call(people.card, there.learner),
        call(people.card, there.pending),
        call(people.deactivate, there.learner, NOW),
        call(people.delete, there.learner, NOW),
        call(people.delete, there.pending, NOW),
        call(people.find, there.email),
        call(people_list.listing, "", department_id=there.department),
        call(person_removal.remove, there.learner, NOW),
        call(person_erasure.find, f"#{there.learner}"),
        call(person_erasure.preview, there.learner, NOW),
        call(person_erasure.erase, there.learner, NOW),
        call(person_erasure.erase, there.pending, NOW),
        call(retention.retention),
        call(retention.preview, Kept.LISTS, "30", NOW),
        call(retention.change, Kept.NAMES, "30", NOW),
        call(personal_data.preview, there.learner),
        call(personal_data.export, there.learner, NOW),
        call(person_removal.remove, there.pending, NOW),
        call(people.transfer, there.learner, MINE, NOW),
        call(people_selection.confirm, 77, NOW),
        call(people_selection.propose, (there.my_learner, there.learner), PeopleChange.DEACTIVATE, NOW),
        call(people_selection.propose, (there.my_learner,), PeopleChange.TRANSFER, NOW, department=OUTSIDE),
        call(people_selection.undo, 77, NOW),
        call(people.transfer, there.my_learner, OUTSIDE, NOW),
        call(person_corrections.correct, there.learner, "phone", "", NOW),
        call(person_corrections.correct_email, 77, NOW, can_mail=False),
        call(person_corrections.propose_email, there.learner, "mine@example.com", NOW),
        call(person_corrections.show, there.learner),
        call(transfers.ask, there.learner, MINE, NOW),
        call(transfers.ask, there.my_learner, OUTSIDE, NOW),
        call(transfers.ask, there.my_learner, there.department, NOW),
        call(transfers.keep_courses, 77, NOW),
        call(transfers.propose, there.email, MINE, NOW),
        call(transfers.propose, MY_EMAIL, OUTSIDE, NOW),
        call(transfers.propose, MY_EMAIL, there.department, NOW),
        call(transfers.take_courses_back, 77, NOW),
        call(transfers.undo, 77, NOW),
        call(logos.change, Logo(version="0123456789ab-20x20", content=""), NOW),
        call(logos.logo),
        call(logos.remove, NOW),
        call(logos.undo, 77, NOW),
        call(page_settings.page_settings),
        call(page_settings.change, PageSetting.CONTACT, "Ours", NOW),
        call(policies.allow_domains, ("example.com",), NOW),
        call(policies.limit_seats, "1", NOW),
        call(policies.policies),
        call(policies.publish_privacy_policy, "Ours", NOW),
        call(policies.switch, Switch.APPROVAL, NOW, on=True),
        call(policies.switch, Switch.EMAIL_CONFIRMATION, NOW, on=True, can_mail=True),
        call(policies.switch, Switch.STRONG_PASSWORDS, NOW, on=True),
        call(profiles.card, there.profile, NOW),
        call(profiles.create, a_draft(department=OUTSIDE), NOW),
        call(person_drafts.create, CHAT, TURN, NOW, region=None),
        call(person_drafts.find_department, OUTSIDE),
        call(profile_drafts.create, CHAT, TURN, "Mine now", NOW, enable=False),
        call(profile_drafts.read_line, ("Mine", OUTSIDE), NOW),
        call(profile_copying.answers_of, there.profile, NOW),
        call(profile_copying.duplicate, there.profile, "Mine now", NOW),
        call(profile_edit_drafts.begin, there.profile),
        call(profile_edit_drafts.effect, edited, NOW),
        call(profile_edit_drafts.refresh, edited),
        call(profile_edit_drafts.require_places, edited),
        call(profile_edit_drafts.save, CHAT, TURN, NOW),
        call(profile_selection.change, 77, (there.my_profile, there.profile), BulkChange.PAUSE, NOW),
        call(profile_selection.undo, 77, NOW),
        call(profile_removal.preview, (there.my_profile, there.profile)),
        call(profile_removal.remove, (there.my_profile, there.profile), NOW),
        call(profile_removal.removed, there.removed_profile),
        call(profile_removal.undo, (there.removed_profile,), NOW),
        call(role_drafts.begin, "Skipper", NOW),
        call(role_drafts.begin_change, "Bosun", NOW),
        call(role_drafts.tick, 77, Permission.MANAGE_PEOPLE, NOW),
        call(role_drafts.save, 77, NOW),
        call(role_grants.ask_to_change, "Bosun", (Permission.MANAGE_PEOPLE,), NOW),
        call(role_grants.confirm, 77, NOW),
        call(role_grants.confirm_change, 77, NOW),
        call(role_grants.propose, there.learner, "department administrator", (OUTSIDE,), NOW),
        call(role_grants.propose_change, "Bosun", (Permission.MANAGE_PEOPLE,), NOW),
        call(roles.assignable, there.learner, "department administrator", (OUTSIDE,)),
        call(roles.card, "Bosun"),
        call(roles.add, "Skipper", (Permission.MANAGE_PEOPLE,), NOW),
        call(roles.assign, there.learner, "department administrator", (OUTSIDE,), NOW),
        call(roles.change, "Bosun", (Permission.MANAGE_PEOPLE,), NOW),
        call(ownership_transfer.new_owner, there.learner),
        call(ownership_transfer.heirs),
        call(roles.holders),
        call(roles.listing),
        call(role_removal.preview, "Bosun", NOW),
        call(role_removal.remove, "Bosun", NOW),
        call(ownership_transfer.transfer, there.learner, NOW),
        call(awaited_lists.ask, About.LINK_MAIL, through(there.profile), PLACE, NOW),
        call(awaited_lists.dismiss, About.LINK_MAIL, 77, NOW),
        call(link_mail_lists.preview, there.profile, (), NOW, most=9, language="en"),
        call(link_mail_lists.add_to_lists, there.profile, (), NOW, seen=""),
        call(awaited_lists.receive, About.LINK_MAIL, through(there.profile), {"text": there.email}, NOW),
        call(link_mail_lists.send, 77, (), NOW, SENDING, seen=""),
        call(awaited_lists.sent, About.LINK_MAIL, 77, NOW),
        call(link_mails.recipients, there.profile),
        call(link_resending.resend, there.profile, NOW, SENDING, seen=""),
        call(link_resending.add_to_lists, there.profile, NOW, seen=""),
        call(link_mails.show, there.profile, NOW),
        call(link_mails.withdraw, there.profile, NOW),
        call(awaited_lists.dismiss, About.ROSTER, 77, NOW),
        call(roster_lists.keep, 77, (), NOW, seen="", replace=True, closing=Lockout.ACCEPT),
        call(awaited_lists.sent, About.ROSTER, 77, NOW),
        call(awaited_lists.pasted, 77, NOW),
        call(alerts.alerts),
        call(alerts.first_learner, there.profile),
        call(alerts.seats),
        call(alerts.switch, Alert.RUSH, NOW, on=False),
        call(reminder_rules.find, OUTSIDE),
        call(reminder_rules.show, Place(profile_id=there.profile), NOW),
        call(reminder_rules.change, Place(department_id=there.department), Occasion.OVERDUE, NOW, on=True, days=1),
        call(reminder_rules.inherit, Place(profile_id=there.profile), Occasion.OVERDUE, NOW),
        *about_a_roster(through(there.profile), there),
        *about_a_roster(RosterOf(department_id=there.department), there),
        call(rosters.find, OUTSIDE),
        call(reminders.preview_missing, through(there.my_profile), there.profile, NOW, 100),
        call(time_zone.change, "Europe/Riga", Keep.MOMENTS, NOW),
        call(time_zone.preview, "Europe/Riga", NOW),
    ]


def answering(there: Branches) -> list[Call]:
    """Give calls that are one's own, or about all that one reaches: nothing in their answers is from outside."""
    return [
        call(waiting_sign_ups.listing, "", NOW),
        call(waiting_sign_ups.listing, "Zola", NOW),
        call(request_answers.listing, NOW),
        call(joint_answers.propose, Answer.DECLINE, "", NOW),
        call(joint_request_answers.propose, Answer.DECLINE, NOW),
        call(audit_log.page),
        call(audit_log.page, before=10**6),
        call(courses.add, "Knots", "https://learn.example.com/knots", "", NOW),
        call(course_details.show, SEAMANSHIP, NOW),
        call(enrolling.ask, (there.my_learner, there.learner), SAFETY, NOW),
        call(unenrolling.ask, (there.my_learner, there.learner), SEAMANSHIP, NOW),
        call(course_drafts.begin),
        call(course_drafts.create, CHAT, TURN, NOW),
        call(course_drafts.fill, CourseField.TITLE, "Ropes"),
        call(course_drafts.read, "Ropes https://learn.example.com/ropes"),
        call(course_drafts.read_line, ("Ropes", "https://learn.example.com/ropes")),
        call(courses.catalogue),
        call(courses.rules),
        call(departments.tree),
        call(department_tree.top, 0, 9),
        call(department_picker.choices, None, 0),
        call(department_picker.find, "harbour"),
        call(department_picker.find, "n"),
        call(department_picker.usual),
        call(digest_cards.branches, None, 0),
        call(digest_cards.listing),
        call(digest_editing.add, None, 7, NOW, newest=0),
        call(digest_resuming.resume, NOW),
        call(digest_resuming.lost_group, -7),
        call(digest_resuming.resume_there, -7, {None: -7}, NOW),
        call(picture_themes.choose, dark=True),
        call(digest_resuming.stopped),
        call(undelivered_digests.listing, NOW),
        call(digests.again, there.run),
        call(digests.request, 7, NOW),
        call(digests.subscribe, DAILY, 7, NOW),
        call(digests.subscription),
        call(digests.summary, there.run),
        call(digests.unsubscribe, NOW),
        call(person_corrections.fields),
        call(sign_up_forms.full_form),
        call(group_digests.connections),
        call(group_digests.order, Group(chat_id=-7, thread_id=None, title="Crew"), DAILY, NOW),
        call(interruptions.find, 1),
        call(password_requests.wanted),
        call(people_list.listing, ""),
        call(people_list.listing, there.email.split("@", maxsplit=1)[0]),
        call(people_list.listing, "", after=0),
        call(person_drafts.begin, {}, region=None),
        call(person_drafts.facts, {"department": there.department, "values": {}}),
        call(person_drafts.fill, {"department": None, "values": {}}, {"email": MY_EMAIL}, region=None),
        call(person_drafts.read, MY_EMAIL, {"department": None, "values": {}}, region=None),
        call(profile_drafts.begin, NOW),
        call(profile_drafts.facts, {**DRAFT, "department": there.department}),
        call(profile_drafts.read, "50", DRAFT, NOW),
        call(profile_drafts.read_end, "2026-12-24", DRAFT, NOW),
        call(profile_drafts.read_start, "2026-12-24", NOW),
        call(profile_lists.listing, "", 0, NOW),
        call(roster_pages.page, 0),
        call(profile_lists.listing, "Regatta", 0, NOW),
        call(profile_links.labelled),
        call(awaited_lists.paste, {"text": MY_EMAIL}, NOW),
        call(edited_messages.done_by, range(1, 500)),
        call(profile_lists.shareable, "", NOW, at_most=20),
        call(profile_lists.meant, "", NOW, at_most=20),
        call(progress.overview, Cohort(), NOW),
        call(progress.courses_in_scope),
        call(progress.exported, Cohort(), NOW, size=10),
        call(progress.page, Cohort(), Which.ALL, NOW),
        call(reports.sign_ups, "year", NOW),
        call(report_exports.begin, "year", NOW),
        call(report_exports.outline, "year", NOW, figures=True),
        call(report_exports.page, "year", NOW),
        call(planned_reminders.listing, NOW),
        call(report_charts.chart, "year", NOW),
        call(roster_pages.page, 0),
        call(reminders_in_vain.listing, NOW.toordinal()),
        call(awaited_lists.awaited, About.LINK_MAIL, NOW),
        call(awaited_lists.awaited, About.ROSTER, NOW),
        call(awaited_lists.awaited_for, About.ROSTER, RosterOf(profile_id=there.profile), NOW),
        call(department_lists.languages, "en"),
    ]


@pytest.fixture(params=["department administrator", pytest.param("custom role", marks=pytest.mark.deep)])
async def there(request: pytest.FixtureRequest, office: Office) -> Branches:
    """Two branches, and somebody with every right that this role can have in one of them."""
    role = Role.CUSTOM if request.param == "custom role" else Role.DEPARTMENT_ADMINISTRATOR
    return await two_branches(office, role, FOR_CUSTOM_ROLES)


async def answer(engine: Engine, asked: Call, actor_id: int) -> object:
    """Give the answer or the refusal."""
    try:
        return await engine.write(asked.run, actor_id)
    except Refusal as refusal:
        return refusal


async def test_every_use_case_with_an_acting_user_is_asked(there: Branches) -> None:
    asked = {f"core.services.{one.name}" for one in (*outside(there), *answering(there))}
    assert asked == set(use_cases())


async def test_what_is_outside_is_not_there_and_nothing_happens_to_it(engine: Engine, there: Branches) -> None:
    before = await engine.read(contents)
    answers = {
        f"{number}: {one.name}": await answer(engine, one, there.actor) for number, one in enumerate(outside(there))
    }
    assert {name: given for name, given in answers.items() if not isinstance(given, NOTHING_THERE)} == {}
    assert {name: there.betrayed(given) for name, given in answers.items() if there.betrayed(given)} == {}
    assert await engine.read(contents) == before


async def test_what_is_outside_is_refused_just_as_what_is_nowhere(engine: Engine, there: Branches) -> None:
    nowhere = there.nowhere()
    for here, absent in zip(outside(there), outside(nowhere), strict=True):
        refused, missing = await answer(engine, here, there.actor), await answer(engine, absent, there.actor)
        assert type(refused) is type(missing), here.name


async def test_no_answer_tells_anything_from_outside(engine: Engine, there: Branches) -> None:
    for one in answering(there):
        given = await answer(engine, one, there.actor)
        assert not isinstance(given, Refusal) or isinstance(given, NotAllowed | NotSubscribed), one.name
        assert there.betrayed(given) == [], one.name


async def test_all_of_it_is_told_and_done_for_who_manages_both_branches(engine: Engine, there: Branches) -> None:
    told = [await answer(engine, one, there.owner) for one in answering(there)]
    assert set(there.betrayed(told)) >= {"Harbour", "Zelda", there.email, "Regatta", there.token}
    refused = [one.name for one in outside(there) if isinstance(await answer(engine, one, there.owner), NotAllowed)]
    assert refused == []


async def test_what_is_within_reach_is_there(engine: Engine, there: Branches) -> None:
    now = engine.now()
    assert (await engine.read(profile_lists.listing, there.actor, "", 0, now)).total == 1
    assert (await engine.read(people_list.listing, there.actor, "")).total == 2
    assert await engine.read(people.find, there.actor, MY_EMAIL) == there.my_learner
    assert [branch.path for branch in await engine.read(departments.tree, there.actor)] == [
        ("North",),
        ("North", "Coast"),
    ]
