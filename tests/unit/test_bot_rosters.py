"""What is said of a person who is missing."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.service import LOCALES
from bot.wording.phrases import Words
from bot.wording.rosters import known
from core.domain.link_mails import Reached
from core.domain.rosters import ADDRESS_NOT_ON_LIST, NOT_ON_LIST
from core.language import Languages
from core.services.rosters import MissingPerson, Reminded, SentLink

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 23, tzinfo=UTC)  # Tuesday in Riga
TUESDAY = date(2026, 11, 24)


def person(
    tried_field: str | None = None,
    link: SentLink | None = None,
    reminded: Reminded | None = None,
    *,
    account: bool = False,
    waits: bool = False,
    undone: bool = False,
    stopped: bool = False,
) -> MissingPerson:
    return MissingPerson(
        number=1,
        name="Anna",
        email="anna@example.com",
        phone=None,
        tried_at=MONDAY if tried_field else None,
        tried_field=tried_field,
        has_account=account,
        undone=undone,
        waits=waits,
        link=link,
        reminded=reminded,
        stopped=stopped,
    )


def link(reached: Reached, reason: str | None = None) -> SentLink:
    return SentLink(reached=reached, at=None if reached is Reached.QUEUED else MONDAY, reason=reason)


def times(number: int, *, next_at: datetime | None = None, refused: str | None = None) -> Reminded:
    return Reminded(times=number, last_on=TUESDAY if number else None, next_at=next_at, refused=refused)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (person(), "never tried"),
        (person(account=True, link=link(Reached.SENT)), "has an account already"),
        (person(account=True, waits=True), "signed up, not let in yet"),
        (person(account=True, undone=True), "signed up, undone"),
        (person("password"), "tried, stopped at: Password"),
        (person(NOT_ON_LIST), "tried 24 Nov 2026 01:00, but another list let in only its people then"),
        (person(ADDRESS_NOT_ON_LIST), "tried 24 Nov 2026 01:00, with an address that wasn't on the list"),
        (person(link=link(Reached.SENT)), "link sent Tue 24 Nov"),
        (person(link=link(Reached.QUEUED)), "link queued"),
        (person(link=link(Reached.UNKNOWN)), "link sent Tue 24 Nov, may not have arrived"),
        (person(link=link(Reached.WITHDRAWN)), "link withdrawn"),
        (person(link=link(Reached.REFUSED, "550 no such user")), "link refused: 550 no such user"),
        (person(reminded=times(1)), "reminded once, on Tue 24 Nov"),
        (person(reminded=times(1), stopped=True), "reminded once, on Tue 24 Nov · wants no reminders"),
        (person(stopped=True), "wants no reminders"),
        (person(reminded=times(2)), "reminded twice, last on Tue 24 Nov"),
        (
            person(reminded=times(3, next_at=datetime(2026, 11, 30, 7, tzinfo=UTC))),
            "reminded 3 times, last on Tue 24 Nov · reminder due Mon 30 Nov 09:00",
        ),
        (person(reminded=times(0, refused="550 no")), "reminder refused: 550 no"),
        (
            person("password", link(Reached.SENT), times(1)),
            "tried, stopped at: Password · link sent Tue 24 Nov · reminded once, on Tue 24 Nov",
        ),
    ],
)
def test_a_missing_person_is_described(missing: MissingPerson, said: str) -> None:
    words = Words(language=Languages(LOCALES).choose(["en"]), zone=ZoneInfo("Europe/Riga"), now=NOW)
    assert known(words, missing, can_mail=True).replace("\u2060", "") == said
