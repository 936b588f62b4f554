"""Buttons from the log's entries to what they are about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton

from bot.screens.screen import LONGEST_LABEL, Rows, rows, tap
from bot.wording.audit_log import OF_GROUPS
from bot.wording.phrases import N_, Words
from bot.wording.text import shortened
from core.domain.access import Permission
from core.services.audit_log import ABOUT_USERS, Action, Entry
from core.services.departments import FOR_THE_TREE

NUMBER = "#"  # stands for the subject's number in what a button carries


@dataclass(frozen=True, kw_only=True)
class Opener:
    """What opens the subjects of some actions, for those who have the permission, or one of `also`.

    `data` is what the button carries; `label` is the button's, if it isn't the subject's own name.
    """

    data: str
    permission: Permission
    also: frozenset[Permission] = frozenset()
    actions: frozenset[Action]
    label: str = ""


SETTING_ACTIONS = frozenset(
    {
        Action.ACCOUNT_NAMED,
        Action.ZONE_CHANGED,
        Action.SIGN_UP_SWITCHED,
        Action.POLICY_CHANGED,
        Action.RETENTION_CHANGED,
        Action.ALERT_SWITCHED,
    }
)
OPENERS: Sequence[Opener] = (
    Opener(
        data=f"person:{NUMBER}",
        permission=Permission.MANAGE_PEOPLE,
        actions=ABOUT_USERS - {Action.USER_DELETED, Action.USER_ERASED},
    ),
    Opener(
        data=f"profile:{NUMBER}",
        permission=Permission.MANAGE_PROFILES,
        actions=frozenset(
            {
                Action.PROFILE_CREATED,
                Action.PROFILE_EDITED,
                Action.PROFILE_PAUSED,
                Action.PROFILE_RESUMED,
                Action.PROFILE_REMOVED,  # its card says what became of it
                Action.PROFILE_RESTORED,
                Action.LINK_ADDED,
                Action.LINK_REPLACED,
                Action.LINK_RENAMED,
                Action.CARD_POSTED,
                Action.CARD_TAKEN_OUT,
                Action.LINK_SENT,
                Action.LINK_RESENT,
                Action.LINK_WITHDRAWN,
                Action.ACTIVATION_RETURNED,
                Action.RUSH_TAKEN_BACK,
                Action.RUSH_BROUGHT_BACK,
                Action.RUSH_DECLINED,
                Action.RUSH_WAITS_AGAIN,
                Action.DECLINED_TOGETHER,
                Action.WAIT_AGAIN_TOGETHER,
                Action.REQUEST_GRANTED,
                Action.REQUEST_DECLINED,
                Action.HISTORY_EXPORTED,
                Action.ROSTER_KEPT,
                Action.ROSTER_REMOVED,
                Action.ROSTER_SWITCHED,
                Action.ROSTER_EXPORTED,
                Action.EXPECTED_REMOVED,
            }
        ),
    ),
    Opener(
        data=f"department:{NUMBER}:0",
        permission=Permission.MANAGE_PROFILES,
        also=frozenset(FOR_THE_TREE),
        actions=frozenset(
            {
                Action.DEPARTMENT_ADDED,
                Action.DEPARTMENT_RENAMED,
                Action.DEPARTMENT_MOVED,
                Action.DEPARTMENT_ROSTER_KEPT,
                Action.DEPARTMENT_ROSTER_REMOVED,
                Action.DEPARTMENT_ROSTER_SWITCHED,
                Action.DEPARTMENT_ROSTER_EXPORTED,
                Action.DEPARTMENT_EXPECTED_REMOVED,
            }
        ),
    ),
    Opener(
        data=f"course:{NUMBER}",
        permission=Permission.MANAGE_COURSES,
        actions=frozenset(
            {
                Action.COURSE_ADDED,
                Action.COURSE_CHANGED,
                Action.COURSE_ARCHIVED,
                Action.COURSE_RESTORED,
                Action.RULE_ADDED,
                Action.RULE_REMOVED,
                Action.RULE_APPLIED,
                Action.RULE_APPLICATION_UNDONE,
            }
        ),
    ),
    Opener(
        data=f"role:{NUMBER}",
        permission=Permission.MANAGE_ROLES,
        actions=frozenset({Action.ROLE_ADDED, Action.ROLE_CHANGED}),
    ),
    Opener(
        data="invitations:0",
        permission=Permission.MANAGE_ROLES,
        actions=frozenset({Action.INVITATION_MADE, Action.INVITATION_ACCEPTED, Action.INVITATION_WITHDRAWN}),
        label=N_("Invitations"),
    ),
    Opener(
        data="fields:0",
        permission=Permission.MANAGE_ACCOUNT,
        actions=frozenset({Action.FIELD_ADDED, Action.FIELD_CHANGED, Action.FIELD_REMOVED}),
        label=N_("Sign-up form"),
    ),
    Opener(
        data="digest-groups:0",
        permission=Permission.MANAGE_ACCOUNT,
        actions=OF_GROUPS,
        label=N_("Groups with digests"),
    ),
    Opener(data="open:settings", permission=Permission.MANAGE_ACCOUNT, actions=SETTING_ACTIONS, label=N_("Settings")),
)


def opening_rows(words: Words, permissions: Collection[Permission], entries: Sequence[Entry]) -> Rows:
    """Return a row for each subject of the entries that a person with these permissions can open, each once."""
    buttons = {
        button.callback_data: button
        for entry in entries
        for button in (_button(words, permissions, entry),)
        if button is not None
    }
    return rows(*([button] for button in buttons.values()))


def _button(words: Words, permissions: Collection[Permission], entry: Entry) -> InlineKeyboardButton | None:
    opener = next((each for each in OPENERS if entry.action in each.actions), None)
    if opener is None or not {opener.permission, *opener.also} & set(permissions):
        return None
    if NUMBER in opener.data and entry.subject_id is None:
        return None
    label = words.say(opener.label) if opener.label else shortened(entry.subject, LONGEST_LABEL)
    return tap(label, opener.data.replace(NUMBER, str(entry.subject_id)))
