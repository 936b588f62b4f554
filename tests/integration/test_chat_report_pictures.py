"""The picture of a report in the chat: from the report's button, in both themes, for short and long periods."""

from collections.abc import Sequence
from io import BytesIO

import pytest
from PIL import Image

from bot.screens.report_picture import HEIGHT, WIDTH
from bot.screens.screen import Screen, Showing
from bot.sending.replies import NewMessage, Reply, ScreenChange
from tests.support.account import Office
from tests.support.bot_fixture import OWNER
from tests.support.router_fixture import Counter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def screen_of(replies: Sequence[Reply]) -> Screen:
    [screen] = [reply.screen for reply in replies if isinstance(reply, NewMessage | ScreenChange)]
    return screen


def data_of(screen: Screen, label: str) -> str:
    [data] = [button.callback_data for row in screen.rows for button in row if button.text == label]
    assert isinstance(data, str)
    return data


@pytest.mark.parametrize("line", ["/report", "/report week", "/report 2026-10-01 00:00 - 2026-11-30 23:59"])
async def test_a_report_is_sent_as_a_picture_with_its_figures_below(
    office: Office, counter: Counter, line: str
) -> None:
    await office.sign_up((await office.profile(name="秋の販売")).token)
    report = screen_of(await counter.typed(OWNER, line))
    for label, other in (("Picture", "Dark"), ("Dark", "Light")):
        shown = screen_of(await counter.tapped(OWNER, data_of(report, label)))
        assert shown.attachment is not None
        assert shown.attachment.showing is Showing.PICTURE
        assert Image.open(BytesIO(shown.attachment.contents)).size == (WIDTH, HEIGHT)
        assert shown.text.startswith("<b>1 sign-up</b>")
        assert len(data_of(shown, other).encode()) <= 64
        report = shown


@pytest.mark.deep
async def test_a_person_whose_pictures_are_dark_gets_them_dark_until_they_want_light_ones(
    office: Office, counter: Counter
) -> None:
    await office.sign_up((await office.profile()).token)
    report = screen_of(await counter.typed(OWNER, "/report"))
    for wanted, other in (("Dark", "Light"), ("Light", "Dark")):
        shown = screen_of(await counter.tapped(OWNER, data_of(report, "Picture")))
        chosen = screen_of(await counter.tapped(OWNER, data_of(shown, wanted)))
        assert chosen.toast == f"Your pictures are {wanted.lower()} from now on"
        again = screen_of(await counter.tapped(OWNER, data_of(report, "Picture")))
        assert again.attachment == chosen.attachment
        assert data_of(again, other)


async def test_a_theme_on_an_older_button_is_drawn_once_and_not_chosen(office: Office, counter: Counter) -> None:
    await office.sign_up((await office.profile()).token)
    dark = screen_of(await counter.tapped(OWNER, "report-picture:dark:week"))
    assert dark.toast is None
    own = screen_of(await counter.tapped(OWNER, "report-picture:own:week"))
    assert own.attachment != dark.attachment


async def test_there_is_no_picture_of_nothing(office: Office, counter: Counter) -> None:
    await office.profile()
    report = screen_of(await counter.typed(OWNER, "/report"))
    assert "Picture" not in [button.text for row in report.rows for button in row]


@pytest.mark.parametrize("verb", ["report-picture", "report-theme"])
async def test_an_unknown_theme_is_a_stale_button(counter: Counter, verb: str) -> None:
    assert "an older version" in str(await counter.tapped(OWNER, f"{verb}:neon:week"))
