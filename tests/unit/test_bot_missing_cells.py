"""The file of those who are missing: what was sent to them and when, each in a column of its own."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.screens import missing_cells
from bot.service import LOCALES
from bot.wording.phrases import Words
from core.domain.link_mails import Reached
from core.domain.mail import CLOSED
from core.domain.rosters import ADDRESS_NOT_ON_LIST, NOT_ON_LIST, RosterOf
from core.language import Languages
from core.services.rosters import Missing, MissingPerson, Reminded, Roster, SentLink

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")
WORDS = Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=AT)
NOBODY = MissingPerson(
    number=1,
    name="Anna Berzina",
    email="anna@example.com",
    phone=None,
    tried_at=None,
    tried_field=None,
    has_account=False,
    undone=False,
    waits=False,
    link=None,
    reminded=None,
    stopped=False,
)


def row_of(person: MissingPerson) -> dict[str, object]:
    roster = Roster(
        of=RosterOf(profile_id=1),
        name="Autumn sales",
        expected=1,
        came=0,
        hidden=0,
        unexpected=0,
        closed_by=None,
        closed_below=False,
    )
    found = Missing(roster=roster, zone=RIGA, people=(person,), last=None)
    [row] = missing_cells.rows(WORDS, found, can_mail=True)
    return {name: cell for name, cell in zip(missing_cells.header(WORDS), row, strict=True) if cell != ""}


def test_who_never_tried_and_was_sent_nothing_has_empty_cells() -> None:
    assert row_of(NOBODY) == {"Name": "Anna Berzina", "Email address": "anna@example.com", "State": "never tried"}


@pytest.mark.parametrize(
    ("field", "state"),
    [
        ("password", "tried, stopped at: Password"),
        (NOT_ON_LIST, "tried, but another list let in only its people then"),
        (ADDRESS_NOT_ON_LIST, "tried, with an address that wasn't on the list"),
    ],
)
def test_the_state_of_who_tried_is_what_refused_them_without_the_moment(field: str, state: str) -> None:
    assert row_of(replace(NOBODY, tried_at=AT, tried_field=field))["State"] == state


def test_moments_and_days_are_moments_and_days_in_columns_of_their_own() -> None:
    person = replace(
        NOBODY,
        tried_at=AT,
        link=SentLink(reached=Reached.SENT, at=AT, reason=None),
        reminded=Reminded(
            times=2, last_on=date(2026, 11, 24), next_at=datetime(2026, 11, 25, 9, tzinfo=UTC), refused=None
        ),
    )
    in_riga = AT.astimezone(RIGA).replace(tzinfo=None)
    assert list(row_of(person).items())[2:] == [
        ("State", "tried"),
        ("Tried at (Riga)", in_riga),
        ("Link", "link sent"),
        ("Link sent at (Riga)", in_riga),
        ("Reminders", Decimal(2)),
        ("Last reminder", date(2026, 11, 24)),
        ("Next reminder", date(2026, 11, 25)),
    ]


def test_who_wants_no_reminders_is_marked() -> None:
    assert row_of(replace(NOBODY, stopped=True))["Wants no reminders"] == "yes"


def test_the_reason_of_a_refusal_has_a_column() -> None:
    refused = replace(NOBODY, link=SentLink(reached=Reached.REFUSED, at=AT, reason="550 No such user"))
    found = row_of(refused)
    assert (found["Link"], found["Refused because"]) == ("link refused", "550 No such user")


def test_a_link_that_was_not_sent_has_no_moment_but_a_reason() -> None:
    found = row_of(replace(NOBODY, link=SentLink(reached=Reached.UNSENT, at=AT, reason=CLOSED)))
    said = "the link didn't work when it was to be sent"
    assert (found["Link"], found["Refused because"], "Link sent at (Riga)" in found) == ("link not sent", said, False)
