"""Lists in pages: each has so many entries, a full last page is the last, and the next one goes on where one ended."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.services import (
    audit_log,
    awaited_lists,
    export,
    history,
    link_mail_lists,
    link_mails,
    people_list,
    policies,
    progress,
    request_answers,
    roster_pages,
    rosters,
    waiting_sign_ups,
)
from core.services.link_mails import Sending
from core.services.policies import Switch
from core.services.progress import Cohort, Which
from core.services.questions import About
from tests.support.account import Office
from tests.support.rosters import keep, listed, through
from tests.support.rows import a_request

Numbers = list[int]
Turn = Callable[..., Awaitable[tuple[Numbers, int | None]]]


def emails(number: int) -> list[str]:
    return [f"learner{each:02}@example.com" for each in range(number)]


async def others(office: Office) -> None:
    """Let profiles, activations and people have different numbers."""
    for number in range(3):
        await office.sign_up((await office.profile(name=f"Other {number}")).token, f"other{number}@example.org")
    await office.profile(name="Empty")


async def learners(office: Office, number: int) -> int:
    """Sign so many up through a profile of their own; return its number."""
    await others(office)
    card = await office.profile(name="Busy")
    for email in emails(number):
        await office.sign_up(card.token, email)
    return card.profile_id


async def signed_up(office: Office, number: int) -> Turn:
    profile_id = await learners(office, number)

    async def turn(before: int | None, **size: int) -> tuple[Numbers, int | None]:
        found = await office.engine.read(history.page, office.owner_id, profile_id, before=before, **size)
        assert found.shown == number
        return [each.user_id for each in found.entries], found.older_than

    return turn


async def exported(office: Office, number: int) -> Turn:
    profile_id = await learners(office, number)

    async def turn(before: int | None, **size: int) -> tuple[Numbers, int | None]:
        found = await office.engine.read(export.page, office.owner_id, profile_id, before=before, **size)
        assert found.joined == number
        return [int((each.email or "")[7:9]) for each in found.rows], found.older_than

    return turn


async def progressing(office: Office, number: int) -> Turn:
    cohort, now = Cohort(profile_id=await learners(office, number)), office.engine.now()

    async def turn(after: int | None, **size: int) -> tuple[Numbers, int | None]:
        found = await office.engine.read(
            lambda session: progress.page(session, office.owner_id, cohort, Which.ALL, now, after=after or 0, **size)
        )
        return [each.user_id for each in found.people], found.last

    return turn


async def found_by_words(office: Office, number: int) -> Turn:
    await learners(office, number)

    async def turn(after: int | None, **size: int) -> tuple[Numbers, int | None]:
        found = await office.engine.read(people_list.listing, office.owner_id, "learner", after=after or 0, **size)
        assert found.total == number
        return [each.user_id for each in found.cards], found.newer_than

    return turn


async def missing(office: Office, number: int) -> Turn:
    await others(office)
    of = through((await office.profile()).profile_id)
    await keep(office.engine, office.owner_id, of, listed(*emails(number)))

    async def turn(after: int | None, **size: int) -> tuple[Numbers, int | None]:
        found = await office.engine.read(rosters.missing, office.owner_id, of, after=after or 0, **size)
        assert found.roster.missing == number
        return [each.number for each in found.people], found.last

    return turn


async def written_to(office: Office, number: int) -> Turn:
    await others(office)
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    profile_id, people = (await office.profile()).profile_id, listed(*emails(number))
    of, sending = through(profile_id), Sending(most=99, language="en")
    sent = await engine.write(awaited_lists.receive, owner, About.LINK_MAIL, of, {"text": "…"}, now)
    shown = await engine.read(link_mail_lists.preview, owner, profile_id, people, now, most=99, language="en")
    await engine.write(link_mail_lists.send, owner, sent.question_id, people, now, sending, seen=shown.seen)

    async def turn(after: int | None, **size: int) -> tuple[Numbers, int | None]:
        found = await engine.read(
            lambda session: link_mails.recipients(
                session, owner, profile_id, after=after or 0, size=size.get("size", link_mails.PAGE)
            )
        )
        return [each.number for each in found.people], found.last

    return turn


async def asking(office: Office, number: int) -> Turn:
    await others(office)
    card, now = await office.profile(), office.engine.now()
    for each in range(number):
        await a_request(office.engine, card.token, f"Anna{each}")

    async def turn(after: int | None, **size: int) -> tuple[Numbers, int | None]:
        found = await office.engine.read(request_answers.listing, office.owner_id, now, after=after or 0, **size)
        assert found.total == number
        return [each.request_id for each in found.asked], found.newer_than

    return turn


async def waiting(office: Office, number: int) -> Turn:
    await others(office)
    now = office.engine.now()
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, now, on=True)
    card = await office.profile()
    for email in emails(number):
        await office.sign_up(card.token, email)

    async def turn(after: int | None) -> tuple[Numbers, int | None]:
        found = await office.engine.read(waiting_sign_ups.listing, office.owner_id, "", now, after=after or 0)
        assert found.total == number
        return [each.user_id for each in found.waiting], found.newer_than

    return turn


async def logged(office: Office, number: int) -> Turn:
    recorded = await office.engine.read(audit_log.page, office.owner_id)
    for each in range(number - len(recorded.entries)):
        await office.profile(name=f"Profile {each}")

    async def turn(before: int | None) -> tuple[Numbers, int | None]:
        found = await office.engine.read(audit_log.page, office.owner_id, before=before)
        return [each.number for each in found.entries], found.older_than

    return turn


async def walked(turn: Turn, **size: int) -> list[Numbers]:
    """Turn all pages."""
    pages, place = list[Numbers](), None
    while place is not None or not pages:
        numbers, place = await turn(place, **size)
        pages.append(numbers)
    return pages


SIZED: list[Any] = [signed_up, exported, progressing, found_by_words, missing, written_to, asking]
USUAL: list[Any] = [
    *((lister, 10) for lister in (signed_up, progressing, found_by_words, missing, written_to, logged)),
    *((lister, 5) for lister in (asking, waiting)),
]
NEWEST_FIRST = {signed_up, exported, logged}


def in_order(lister: object, pages: list[Numbers]) -> bool:
    numbers = [number for page in pages for number in page]
    return numbers == sorted(set(numbers), reverse=lister in NEWEST_FIRST)


@pytest.mark.deep
@pytest.mark.parametrize("lister", SIZED)
@pytest.mark.parametrize(("number", "sizes"), [(4, [2, 2]), (3, [2, 1]), (2, [2]), (1, [1])])
async def test_a_full_page_is_the_last_if_nothing_follows(
    office: Office, lister: Callable[[Office, int], Awaitable[Turn]], number: int, sizes: list[int]
) -> None:
    pages = await walked(await lister(office, number), size=2)
    assert ([len(page) for page in pages], in_order(lister, pages)) == (sizes, True)


@pytest.mark.deep
@pytest.mark.parametrize(("lister", "size"), USUAL)
@pytest.mark.parametrize("more", [0, 1])
async def test_a_page_usually_has_so_many(
    office: Office, lister: Callable[[Office, int], Awaitable[Turn]], size: int, more: int
) -> None:
    pages = await walked(await lister(office, size + more))
    assert ([len(page) for page in pages], in_order(lister, pages)) == ([size, 1] if more else [size], True)


async def lists_of_eight_without_one_missing(office: Office) -> None:
    """Expect one person through each of eight profiles; who is expected last comes."""
    for number in range(8):
        card = await office.profile(name=f"P{number}")
        email = f"anna{number}@example.com"
        await keep(office.engine, office.owner_id, through(card.profile_id), listed(email))
    await office.sign_up(card.token, email)


@pytest.mark.parametrize(
    ("chosen", "last"),
    [({}, ["P0", "P7"]), ({"only_missing": True}, ["P0"])],
)
async def test_lists_of_expected_people_have_pages_those_with_missing_people_first(
    office: Office, chosen: dict[str, bool], last: list[str]
) -> None:
    await lists_of_eight_without_one_missing(office)
    found = [await office.engine.read(roster_pages.page, office.owner_id, wanted, **chosen) for wanted in (0, 1, 2)]
    assert [[each.name for each in page.rosters] for page in found] == [
        ["P6", "P5", "P4", "P3", "P2", "P1"],
        last,
        last,
    ]
    assert [(page.number, page.pages, page.missing, page.missing_by_list) for page in found] == [
        (number, 2, 7, 7) for number in (0, 1, 1)
    ]
