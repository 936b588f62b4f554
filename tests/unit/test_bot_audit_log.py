"""The record in words: every action in every language, and every kind of value readable."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox import parse_html
from bot.screens.audit_log_subjects import OPENERS, opening_rows
from bot.service import LOCALES
from bot.wording.audit_log import FACTS, entry
from bot.wording.phrases import Words
from core.domain.access import Permission
from core.language import Languages
from core.services.audit_log import Action, Entry
from core.services.departments import FOR_THE_TREE

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
LANGUAGES = Languages(LOCALES)


def words_in(code: str) -> Words:
    return Words(language=LANGUAGES.all[code], zone=ZoneInfo("Europe/Riga"), now=NOW)


def done(
    action: Action,
    *,
    subject: str = "Tom <b>&",
    actor: str | None = "Olivia Owner",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Entry:
    return Entry(
        number=1,
        at=NOW,
        actor=actor,
        action=action,
        subject=subject,
        subject_id=1,
        before=before or {},
        after=after or {},
    )


def told(entry_: Entry, code: str = "en") -> list[str]:
    return parse_html(str(entry(words_in(code), entry_))).text.splitlines()


@pytest.mark.parametrize("permission", Permission)
def test_a_department_is_opened_from_the_log_by_those_who_may_see_the_tree(permission: Permission) -> None:
    opening = opening_rows(words_in("en"), {permission}, [done(Action.DEPARTMENT_MOVED)])
    assert bool(opening) == (permission in FOR_THE_TREE)


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
@pytest.mark.parametrize("action", Action)
def test_every_action_has_a_sentence_in_every_language(action: Action, code: str) -> None:
    when, what = told(done(action), code)
    assert when.endswith("18:00 · Olivia Owner")
    assert len(what) > 5
    assert "{" not in what


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ({"limit": 20}, {"limit": None}, "limit: 20 → unlimited"),
        (
            {"end": "2026-12-24T16:00:00+00:00"},
            {"end": "2026-12-25T16:00:00+00:00"},
            "end: 24 Dec 18:00 → 25 Dec 18:00",
        ),
        ({"department": ["Sales", "EMEA"]}, {"department": []}, "department: Sales / EMEA → the top of the tree"),
        ({"on": False}, {"on": True}, "on: no → yes"),
        ({"email_domains": []}, {"email_domains": ["a.example"]}, "email domains: unlimited → a.example"),
        ({"name": None}, {"name": "<b>Acme"}, "name: none → <b>Acme"),
        ({}, {"state": "inactive"}, "state: not active"),
        ({}, {"role": "Recruiter"}, "role: Recruiter"),
        ({}, {"departments": 2}, "departments: 2"),
        (
            {"permissions": ["manage people"]},
            {"permissions": []},
            "permissions: add, transfer and delete learners → none",
        ),
        ({"label": "Crew"}, {}, "label: Crew"),
    ],
)
def test_what_changed_is_told_before_and_after(before: dict[str, Any], after: dict[str, Any], line: str) -> None:
    assert told(done(Action.PROFILE_EDITED, before=before, after=after))[2:] == [line]


def test_what_stayed_is_not_told() -> None:
    facts = dict.fromkeys(FACTS, "same")
    assert len(told(done(Action.FIELD_CHANGED, before=facts, after=facts))) == 2


def test_the_service_and_a_role_are_told_in_the_readers_language() -> None:
    withdrawn = done(Action.INVITATION_WITHDRAWN, subject="account administrator", actor=None)
    assert told(withdrawn, "ru") == [
        "23 нояб. 18:00 · сам сервис",
        "Приглашение отозвано: администратор аккаунта",
    ]


def test_of_each_action_it_is_known_what_opens_its_subject() -> None:
    opened = [action for opener in OPENERS for action in opener.actions]
    assert len(opened) == len({*opened})
    assert {*Action} - {*opened} == {
        Action.DATABASE_ADOPTED,
        Action.USER_DELETED,
        Action.USER_ERASED,
        Action.DEPARTMENT_REMOVED,
        Action.ROLE_REMOVED,
        Action.REMINDERS_CHANGED,  # of a department or a profile
        Action.PEOPLE_REMINDED,
        Action.REMINDERS_TAKEN_BACK,
        Action.PROGRESS_EXPORTED,
        Action.REPORT_EXPORTED,
        Action.DIGEST_EXPORTED,
    }
