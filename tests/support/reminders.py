"""Lists of expected people to remind, and what reminders hold."""

from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.rosters.people_lists import ListedPerson
from core.services import reminder_letters
from core.storage.tables import Reminder
from tests.support.account import Office
from tests.support.mail_server import plain_text
from tests.support.rosters import keep, through

ANNA, JANIS, OLGA = "anna@example.com", "janis@example.com", "olga@example.com"


async def expect(office: Office, profile_id: int, *emails: str | None) -> None:
    """Expect people through a profile, instead of those who were expected; None: one without an address."""
    engine = office.engine
    people = [
        ListedPerson(row=row, email=email or "", phone="" if email else "+37120000000")
        for row, email in enumerate(emails, 2)
    ]
    await keep(engine, office.owner_id, through(profile_id), people, replaced=True)


def code_in(message: EmailMessage) -> str:
    """Return the code of the link that stops reminders."""
    return plain_text(message).partition("/r/")[2][:43]


def stop_code(session: Session, user_id: int, now: datetime) -> str:
    """Return the code of the link that stops reminders in the one that a learner has."""
    reminder_id = session.scalars(select(Reminder.id).where(Reminder.user_id == user_id)).one()
    content = reminder_letters.content(session, reminder_id, now)
    assert content is not None
    return content.stop_code
