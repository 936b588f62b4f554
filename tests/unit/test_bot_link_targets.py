"""Which link sent by e-mail a button is about, and the roster from whose screen it was sent."""

import pytest

from bot.input.arguments import StaleButton
from bot.input.link_targets import LinkTarget, read_confirmed, read_link, read_page
from core.domain.rosters import RosterOf

OF_PROFILE = LinkTarget(profile_id=12)
OF_ROSTERS = (
    LinkTarget(profile_id=12, of=RosterOf(department_id=7)),
    LinkTarget(profile_id=12, of=RosterOf(profile_id=12)),
)


def written(*arguments: object) -> str:
    return ":".join(map(str, arguments))


@pytest.mark.parametrize("link", [OF_PROFILE, *OF_ROSTERS])
def test_what_is_written_is_read(link: LinkTarget) -> None:
    assert read_link(written(*link.arguments)) == link
    assert read_confirmed(written(*link.arguments, "KSWntSAQ")) == (link, "KSWntSAQ")
    assert read_page(written(*link.arguments, 1, 20, 10)) == (link, 1, 20, 10)


@pytest.mark.parametrize("arguments", ["12", "12:0", "12:0:0", "12:0:0:0"])
def test_a_page_without_its_numbers_is_the_first_one(arguments: str) -> None:
    assert read_page(arguments) == (OF_PROFILE, 0, 0, 0)


@pytest.mark.parametrize("forged", ["", "x", "d7", "d7:", ":12", "x7:12", "12:x"])
def test_what_was_never_written_is_a_stale_button(forged: str) -> None:
    with pytest.raises(StaleButton):
        read_link(forged)


@pytest.mark.parametrize("forged", ["", "x", "12:x", "d7:12", "x:12:0:0:0", "d7:12:0:0:0:0"])
def test_a_page_that_was_never_written_is_a_stale_button(forged: str) -> None:
    with pytest.raises(StaleButton):
        read_page(forged)
