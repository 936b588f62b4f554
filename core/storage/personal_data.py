"""All that is kept on one person, from every table that knows them.

A test compares this with the tables: a column that refers to a user is read here, or is one of `NOT_READ`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from core.domain.personal_data import Section
from core.storage import departments
from core.storage.personal_data_of_staff import of_chat
from core.storage.personal_data_queries import DEPARTMENT, of_learner, of_record
from core.storage.tables import User

Rows: TypeAlias = Sequence[Mapping[str, Any]]

NOT_READ: Mapping[str, str] = {
    "profile.created_by": "what a person did is in the audit log",
    "profile.removed_by": "what a person did is in the audit log",
    "ledger_entry.by_id": "what a person did is in the audit log",
    "invitation.used_by": "what a person did is in the audit log",
    "access_request.answered_by": "what a person did is in the audit log",
    "reminder.by_id": "what a person did is in the audit log",
    "link_recipient.added_by": "what a person did is in the audit log",
    "live_card.by_id": "a card shows a profile, and nothing of the person who put it there",
    "telegram_code.user_id": "a link that is good for an hour; what it connects is read",
    "email_change.user_id": "the new address is in the e-mail that was sent there",
    "pending_sign_up.user_id": "those who wait are no users yet, and their sign-up ends with the answer",
    "pending_sign_up.declined_by": "what a person did is in the audit log",
}
"""Columns that refer to users and are left out, with the reason."""


def collect(session: Session, user: User, about_users: Sequence[str]) -> dict[Section, Rows]:
    """Return what is kept on a user, without secrets, and without what they typed about others.

    `about_users` are the actions of the audit log whose subject is a user. Moments are aware UTC, departments paths.
    """
    queries = {**of_learner(user), **of_chat(user), **of_record(user, about_users)}
    found = {section: [row._asdict() for row in session.execute(query)] for section, query in queries.items()}
    numbers = {row[DEPARTMENT] for rows in found.values() for row in rows if row.get(DEPARTMENT) is not None}
    paths = departments.paths(session, numbers) if numbers else {}
    return {
        section: [
            {**row, DEPARTMENT: list(paths[row[DEPARTMENT]])} if row.get(DEPARTMENT) is not None else row
            for row in rows
        ]
        for section, rows in found.items()
    }
