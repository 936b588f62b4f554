"""The audit log in words: what was done, and what it changed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

from bot.wording import alerts, labels
from bot.wording.group_digests import group_title
from bot.wording.phrases import N_, Words
from bot.wording.reminder_rules import SHORT
from bot.wording.text import address, isolate, lines, shortened
from core.domain.access import Permission, Role, UserState
from core.domain.alerts import Alert
from core.domain.field_kinds import Kind
from core.domain.progress import Progress
from core.domain.reminders import Occasion
from core.services.audit_log import Action, Entry

DONE: Mapping[Action, str] = {
    Action.ACCOUNT_NAMED: N_("Organisation renamed"),
    Action.ZONE_CHANGED: N_("Time zone changed"),
    Action.SIGN_UP_SWITCHED: N_("Sign-up switched on or off"),
    Action.POLICY_CHANGED: N_("Setting changed"),
    Action.RETENTION_CHANGED: N_("How long data are kept changed"),
    Action.DATABASE_ADOPTED: N_("Database given to another bot or to the sandbox"),
    Action.OWNER_CLAIMED: N_("Owner joined: {subject}"),
    Action.OWNER_LINK_MADE: N_("Link made on the server to replace the owner, {subject}"),
    Action.OWNER_REPLACED: N_("Owner replaced by {subject}"),
    Action.OWNERSHIP_TRANSFERRED: N_("Ownership transferred to {subject}"),
    Action.ROLE_ADDED: N_("Role created: {subject}"),
    Action.ROLE_CHANGED: N_("Role changed: {subject}"),
    Action.ROLE_REMOVED: N_("Role removed: {subject}"),
    Action.ROLE_ASSIGNED: N_("Role given to {subject}"),
    Action.INVITATION_MADE: N_("Invitation created"),
    Action.INVITATION_ACCEPTED: N_("Invitation accepted"),
    Action.INVITATION_WITHDRAWN: N_("Invitation withdrawn: {subject}"),
    Action.PERSON_INVITED: N_("Chat invitation created for {subject}"),
    Action.PERSON_ENTERED: N_("{subject} joined the chat"),
    Action.DEPARTMENT_ADDED: N_("Department added: {subject}"),
    Action.DEPARTMENT_RENAMED: N_("Department renamed"),
    Action.DEPARTMENT_MOVED: N_("Department moved"),
    Action.DEPARTMENT_REMOVED: N_("Department deleted: {subject}"),
    Action.USER_ADDED: N_("Person added: {subject}"),
    Action.USER_TRANSFERRED: N_("Person transferred: {subject}"),
    Action.USER_ACTIVATED: N_("Person activated: {subject}"),
    Action.USER_DEACTIVATED: N_("Person deactivated: {subject}"),
    Action.USER_DELETED: N_("Person deleted: {subject}"),
    Action.USER_ERASED: N_("Person erased: {subject}"),
    Action.PERSON_EXPORTED: N_("Personal data exported: {subject}"),
    Action.PASSWORD_LINK_MADE: N_("Link to a new password made for {subject}"),
    Action.PASSWORD_SET: N_("{subject} set a new password"),
    Action.DETAILS_CHANGED: N_("{subject} changed their own details"),
    Action.PERSON_CORRECTED: N_("Details corrected: {subject}"),
    Action.PROFILE_CREATED: N_("Sign-up profile created: {subject}"),
    Action.PROFILE_EDITED: N_("Sign-up profile changed: {subject}"),
    Action.PROFILE_PAUSED: N_("Sign-up profile paused: {subject}"),
    Action.PROFILE_RESUMED: N_("Sign-up profile resumed: {subject}"),
    Action.PROFILE_REMOVED: N_("Sign-up profile deleted: {subject}"),
    Action.PROFILE_RESTORED: N_("Sign-up profile restored: {subject}"),
    Action.LINK_ADDED: N_("Link added to {subject}"),
    Action.LINK_REPLACED: N_("Link of {subject} replaced"),
    Action.LINK_RENAMED: N_("Link of {subject} renamed"),
    Action.CARD_POSTED: N_("Card put into a group: {subject}"),
    Action.CARD_TAKEN_OUT: N_("Card taken out of a group: {subject}"),
    Action.ACTIVATION_RETURNED: N_("Activation returned to {subject}"),
    Action.SIGN_UP_APPROVED: N_("Sign-up approved: {subject}"),
    Action.SIGN_UP_DECLINED: N_("Sign-up declined: {subject}"),
    Action.REQUEST_GRANTED: N_("Request for access granted: {subject}"),
    Action.REQUEST_DECLINED: N_("Request for access declined: {subject}"),
    Action.COURSE_ADDED: N_("Course added: {subject}"),
    Action.COURSE_CHANGED: N_("Course changed: {subject}"),
    Action.COURSE_ARCHIVED: N_("Course archived: {subject}"),
    Action.COURSE_RESTORED: N_("Course brought back: {subject}"),
    Action.RULE_ADDED: N_("Course given: {subject}"),
    Action.RULE_APPLIED: N_("Course given to those who were there: {subject}"),
    Action.RULE_APPLICATION_UNDONE: N_("Course taken back from those who were there: {subject}"),
    Action.COURSE_GIVEN: N_("Course given to {subject}"),
    Action.COURSE_TAKEN_BACK: N_("Course taken back from {subject}"),
    Action.RULE_REMOVED: N_("Course no longer given: {subject}"),
    Action.FIELD_ADDED: N_("Field added: {subject}"),
    Action.FIELD_CHANGED: N_("Field changed: {subject}"),
    Action.FIELD_REMOVED: N_("Field removed: {subject}"),
    Action.GROUP_CONNECTED: N_("Digest goes to the group {subject}"),
    Action.GROUP_DISCONNECTED: N_("Digest no longer goes to the group {subject}"),
    Action.DIGEST_SENT_TO_GROUP: N_("Digest sent to the group {subject}"),
    Action.DIGEST_EXPORTED: N_("Digest sent as a spreadsheet: {subject}"),
    Action.HISTORY_EXPORTED: N_("History exported: {subject}"),
    Action.ROSTER_KEPT: N_("List of expected people extended: {subject}"),
    Action.ROSTER_REMOVED: N_("List of expected people deleted: {subject}"),
    Action.ROSTER_SWITCHED: N_("Sign-up for expected people only: {subject}"),
    Action.ROSTER_EXPORTED: N_("Missing people exported: {subject}"),
    Action.PROGRESS_EXPORTED: N_("Progress exported: {subject}"),
    Action.REPORT_EXPORTED: N_("Report exported: {subject}"),
    Action.LINK_SENT: N_("Link sent by email: {subject}"),
    Action.LINK_RESENT: N_("Link sent by email again: {subject}"),
    Action.LINK_WITHDRAWN: N_("Link sent by email withdrawn: {subject}"),
    Action.ALERT_SWITCHED: N_("Alert turned on or off"),
    Action.PEOPLE_REMINDED: N_("People reminded: {subject}"),
    Action.REMINDERS_TAKEN_BACK: N_("Reminders taken back: {subject}"),
    Action.REMINDERS_CHANGED: N_("Reminders changed: {subject}"),
    Action.EXPECTED_REMOVED: N_("Person taken off the list of expected people: {subject}"),
    Action.DEPARTMENT_ROSTER_KEPT: N_("List of expected people extended: {subject}"),
    Action.DEPARTMENT_ROSTER_REMOVED: N_("List of expected people deleted: {subject}"),
    Action.DEPARTMENT_ROSTER_SWITCHED: N_("Sign-up for expected people only: {subject}"),
    Action.DEPARTMENT_ROSTER_EXPORTED: N_("Missing people exported: {subject}"),
    Action.DEPARTMENT_EXPECTED_REMOVED: N_("Person taken off the list of expected people: {subject}"),
    Action.RUSH_TAKEN_BACK: N_("Rush of sign-ups taken back: {subject}"),
    Action.RUSH_BROUGHT_BACK: N_("Rush of sign-ups brought back: {subject}"),
    Action.RUSH_DECLINED: N_("Rush of people who wait declined: {subject}"),
    Action.RUSH_WAITS_AGAIN: N_("Rush of people who wait brought back: {subject}"),
    Action.DECLINED_TOGETHER: N_("People who wait declined together: {subject}"),
    Action.WAIT_AGAIN_TOGETHER: N_("People who were declined together brought back: {subject}"),
}

FACTS: Mapping[str, str] = {
    "name": N_("name"),
    "zone": N_("zone"),
    "on": N_("on"),
    "strong_passwords": N_("strong passwords"),
    "email_domains": N_("email domains"),
    "email_confirmation": N_("email confirmation"),
    "approval": N_("approval"),
    "last_name_required": N_("last name required"),
    "joining": N_("joining by a link"),
    "seats": N_("seats"),
    "asked": N_("consent to the privacy policy"),
    "version": N_("version"),
    "permissions": N_("permissions"),
    "role": N_("role"),
    "departments": N_("departments"),
    "path": N_("path"),
    "department": N_("department"),
    "through": N_("through the link of"),
    "state": N_("state"),
    "start": N_("start"),
    "end": N_("end"),
    "limit": N_("limit"),
    "paused": N_("paused"),
    "profiles": N_("sign-up profiles"),
    "reason": N_("reason"),
    "course": N_("course"),
    "progress": N_("progress"),
    "title": N_("title"),
    "description": N_("description"),
    "link": N_("link"),
    "days": N_("days to complete"),
    "group": N_("group"),
    "label": N_("label"),
    "kind": N_("kind"),
    "choices": N_("choices"),
    "required": N_("required"),
    "at sign-up": N_("shown at sign-up"),
    "place": N_("place"),
    "hint": N_("hint"),
    "texts": N_("other languages"),
    "bot": N_("bot"),
    "people": N_("people"),
    "changed": N_("with new data"),
    "taken off": N_("taken off"),
    "addresses": N_("addresses"),
    "personal": N_("personal links"),
    "only expected": N_("only the expected"),
    "language": N_("language of the pages"),
    "contact": N_("contact"),
    "accent": N_("colour of the pages"),
    "welcome": N_("welcome line"),
    "login_field": N_("login on the form"),
    "phone_field": N_("phone number on the form"),
    "job_title_field": N_("job title on the form"),
    "challenge": N_("browser check"),
    "logo": N_("logo"),
    "lists_kept_days": N_("lists of expected people, in days"),
    "alert": N_("alert"),
    "occasion": N_("reminded of"),
    "after": N_("days"),
    "own": N_("own rule"),
    "details": N_("details"),
    "names_kept_days": N_("names of deleted people, in days"),
}
DETAILS: Mapping[str, str] = {  # of a person, by their names in code; own fields stand by their labels
    "first_name": N_("first name"),
    "last_name": N_("last name"),
    "email": N_("email"),
    "phone": N_("phone"),
    "job_title": N_("job title"),
}
WITHOUT_LIMIT = frozenset({"limit", "seats", "email_domains", "names_kept_days"})
LONGEST_VALUE = 1200
OF_GROUPS = frozenset({Action.GROUP_CONNECTED, Action.GROUP_DISCONNECTED, Action.DIGEST_SENT_TO_GROUP})
OF_DEPARTMENTS = frozenset(  # whose subject may be all departments
    {
        Action.DIGEST_EXPORTED,
        Action.PROGRESS_EXPORTED,
        Action.REPORT_EXPORTED,
        Action.PEOPLE_REMINDED,
        Action.REMINDERS_TAKEN_BACK,
    }
)
OF_ROLES = frozenset({Action.INVITATION_WITHDRAWN})  # whose subject is a role


def entry(words: Words, done: Entry) -> Markup:
    """Write an entry: when and by whom, what was done, and what it changed."""
    who = isolate(done.actor) if done.actor else words.say("the service itself")
    return lines(
        Markup("<i>{} · {}</i>").format(words.moment(done.at), who),
        words.say(DONE[done.action], subject=_subject(words, done)),
        *(_change(words, name, done) for name in FACTS if _is_news(name, done)),
    )


def _subject(words: Words, done: Entry) -> Markup | str:
    if done.action in OF_GROUPS:
        return group_title(words, done.subject)
    if done.action in OF_DEPARTMENTS and not done.subject:
        return words.say("all departments")
    return _role(words, done.subject) if done.action in OF_ROLES else done.subject


def _is_news(name: str, done: Entry) -> bool:
    if name not in done.after:
        return name in done.before and not done.after
    return done.after[name] not in ("", []) if name not in done.before else done.before[name] != done.after[name]


def _change(words: Words, name: str, done: Entry) -> Markup:
    label = words.say(FACTS[name])
    values = [_value(words, name, facts[name]) for facts in (done.before, done.after) if name in facts]
    return Markup("{}: {}").format(label, Markup(" → ").join(values))


def _value(words: Words, name: str, value: Any) -> Markup:  # noqa: ANN401 - as JSON holds it
    if value is None:
        return _nothing(words, name)
    if isinstance(value, bool):
        return words.say("yes") if value else words.say("no")
    if isinstance(value, list):
        return _several(words, name, value)
    return _READERS[name](words, value) if name in _READERS else _text(str(value))


def _nothing(words: Words, name: str) -> Markup:
    return words.say("unlimited") if name in WITHOUT_LIMIT else words.say("none")


def _several(words: Words, name: str, values: list[Any]) -> Markup:
    if name == "department":
        return labels.department(words, tuple(values))
    if not values:
        return _nothing(words, name)
    if name == "departments":
        return labels.departments(words, [tuple(path) for path in values])
    if name == "permissions":
        return Markup(", ").join(words.say(labels.PERMISSIONS[Permission(value)]) for value in values)
    if name == "details":
        return Markup(", ").join(words.say(DETAILS[each]) if each in DETAILS else _text(each) for each in values)
    listed = ", ".join(values)
    return address(shortened(listed, LONGEST_VALUE)) if name == "email_domains" else _text(listed)


def _text(value: str) -> Markup:
    return isolate(shortened(" ".join(value.split()), LONGEST_VALUE))


def _role(words: Words, value: str) -> Markup:
    """Name a role; a custom one is recorded by the name it had."""
    return words.say(labels.ROLES[Role(value)]) if value in {*Role} else isolate(value)


_READERS: Mapping[str, Callable[[Words, Any], Markup]] = {
    "group": group_title,
    "link": lambda _words, value: address(value),
    "role": _role,
    "state": lambda words, value: words.say(labels.STATES[UserState(value)]),
    "progress": lambda words, value: words.say(labels.PROGRESS[Progress(value)]),
    "kind": lambda words, value: words.say(labels.KINDS[Kind(value)]),
    "alert": lambda words, value: words.say(alerts.SHORT[Alert(value)]),
    "occasion": lambda words, value: words.say(SHORT[Occasion(value)]),
    "start": lambda words, value: Markup.escape(words.moment(datetime.fromisoformat(value))),
    "end": lambda words, value: Markup.escape(words.moment(datetime.fromisoformat(value))),
}
