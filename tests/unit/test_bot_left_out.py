"""The list of all whom a preview leaves out: below the reasons on each page, who is hidden only counted."""

from zoneinfo import ZoneInfo

import pytest

from bot.screens.left_out import A_PAGE, listing, to_left_out
from bot.wording.left_out import described, refusing
from bot.wording.phrases import Words
from core.domain.contacts import Contact
from core.domain.left_out import Group, LeftOut
from core.services.roster_additions import TurnedAway
from tests.support.clock import Clock
from tests.support.router_fixture import LANGUAGES

ENGLISH = Words(language=LANGUAGES.all["en"], zone=ZoneInfo("UTC"), now=Clock()())


def people(number: int) -> tuple[Contact, ...]:
    return tuple(Contact(name=f"N{place}", email=f"n{place}@example.com") for place in range(number))


def test_each_page_begins_with_a_reason_and_holds_each_person_once() -> None:
    left_out = {LeftOut.SIGNED_UP: Group(people=people(A_PAGE + 1)), LeftOut.STOPPED: Group(people=people(2))}
    first, second = [listing(ENGLISH, left_out, page, "sendas:1").text.splitlines() for page in range(2)]
    assert (first[0], len(first)) == ("<b>13 have signed up already</b>", 1 + A_PAGE)
    assert second == [
        "<b>13 have signed up already</b>",
        "· N12, n12@example.com",
        "<b>2 want no reminders</b>",
        "· N0, n0@example.com",
        "· N1, n1@example.com",
    ]


def test_the_way_back_is_told_from_the_previous_page() -> None:
    left_out = {LeftOut.SIGNED_UP: Group(people=people(A_PAGE + 1))}
    labels = [[each.text for each in row] for row in listing(ENGLISH, left_out, 1, "sendas:1").rows]
    assert labels == [["‹ Previous"], ["‹ Back"]]


def test_who_is_hidden_is_counted_only() -> None:
    some = {LeftOut.SIGNED_UP: Group(people=people(1), hidden=2)}
    assert described(ENGLISH, some) == ["3 have signed up already (N0, … and 2 more)"]
    assert described(ENGLISH, {LeftOut.SIGNED_UP: Group(people=(), hidden=1)}) == ["1 has signed up already"]
    assert listing(ENGLISH, some, 0, "sendas:1").text.splitlines()[1:] == [
        "· N0, n0@example.com",
        "· 2 people who are not in your departments",
    ]


def test_the_list_is_offered_if_the_preview_does_not_name_all() -> None:
    assert to_left_out(ENGLISH, {LeftOut.STOPPED: Group(people=people(3), hidden=2)}, "sendas") == []
    [button] = to_left_out(ENGLISH, {LeftOut.STOPPED: Group(people=people(4)), LeftOut.ENOUGH: Group(people=people(1))})
    assert button.text == "Left out · 5"


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ((), []),
        (("Autumn sales", "Sales"), ["“Add them to the list” puts them on the lists of Autumn sales, Sales."]),
        (
            ("Autumn sales", None),
            ["They are not on the list of a department above you; who manages it can add them."],
        ),
    ],
)
def test_what_leaves_out_whom_lists_refuse_says_which_ones_or_who_can_add_them(
    by: tuple[str | None, ...], said: list[str]
) -> None:
    assert [
        each.striptags().replace("\u2068", "").replace("\u2069", "") for each in refusing(ENGLISH, TurnedAway(by=by))
    ] == said
