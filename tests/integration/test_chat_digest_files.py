"""A picture and a spreadsheet that follow a digest: turned on by taps, and sent as its text is."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from PIL import Image
from PIL.ImageColor import getrgb
from python_calamine import CalamineWorkbook

from bot.screens.report_picture import DARK, HEIGHT, LIGHT, WIDTH
from core.domain.access import Permission, Role
from core.domain.progress import Progress
from core.engine import Engine
from core.services import courses, digest_cards, digest_editing, outbox
from tests.support.account import Office, an_office
from tests.support.bot_fixture import OWNER, Town, open_town
from tests.support.chat import SeenMessage
from tests.support.clock import Clock
from tests.support.patience import PATIENCE
from tests.support.router_fixture import Counter
from tests.support.rows import a_user

pytestmark = pytest.mark.deep  # a chat gets a message a second, and each of these waits for several


@pytest.fixture
async def office(engine: Engine) -> Office:
    return await an_office(engine)


@pytest.fixture
async def town(engine: Engine, office: Office) -> AsyncIterator[Town]:
    """A town where the owner's digest is due in a minute, and somebody has joined."""
    async with open_town(engine, gated=True) as town:
        await town.signs_up(office, "anna@example.com")
        said = await town.owner.says("/digest daily 12:01")
        await town.owner.reads("The next one comes", after=said)
        yield town


async def tap(town: Town, label: str, read: str) -> SeenMessage:
    await town.owner.taps(label)
    return await town.owner.reads(read)


async def turn_on(town: Town, *, picture: bool = True, spreadsheet: bool = True) -> None:
    """Turn files on for the main digest, without taps."""
    [card] = (await town.engine.read(digest_cards.listing, 1)).cards
    await town.engine.write(digest_editing.send_picture, 1, card.named.digest_id, on=picture)
    await town.engine.write(digest_editing.send_spreadsheet, 1, card.named.digest_id, on=spreadsheet, seen=0)


async def files(town: Town, number: int) -> list[SeenMessage]:
    """Wait for so many pictures and spreadsheets in the owner's chat; return all that are there."""
    async with asyncio.timeout(PATIENCE):
        while (
            len(found := [each for each in await town.owner.messages() if {"photo", "document"} & set(each.raw)])
            < number
        ):
            await asyncio.sleep(0.02)
    return found


async def test_a_picture_and_a_spreadsheet_follow_a_digest(town: Town, clock: Clock) -> None:
    await tap(town, "Change it", "Digest: all that you see")
    await tap(town, "○ With a picture", "If somebody joined, a picture follows it.")
    await tap(town, "○ With a spreadsheet", "If somebody joined, a picture and a spreadsheet follow it.")
    clock.advance(minutes=1)
    picture, file = await files(town, 2)
    assert picture.text == "1 joined so far\n1 · Autumn sales"
    assert picture.labels == ("Dark",)
    assert Image.open(BytesIO(await town.owner.downloads(picture))).size == (WIDTH, HEIGHT)
    assert file.text == "1 joined so far"
    assert file.raw["document"]["file_name"] == "gangway-digest-2026-11-23.xlsx"
    await town.owner.taps("Dark")
    await town.owner.is_told("Your pictures are dark from now on")
    dark = (await files(town, 3))[-1]
    pictures = [Image.open(BytesIO(await town.owner.downloads(each))).convert("RGB") for each in (picture, dark)]
    assert [each.getpixel((0, 0)) for each in pictures] == [getrgb(each.background) for each in (LIGHT, DARK)]


async def test_a_picture_comes_dark_to_who_wants_it_so(town: Town, clock: Clock) -> None:
    await tap(town, "Change it", "Digest: all that you see")
    shown = await tap(town, "○ With a picture", "If somebody joined, a picture follows it.")
    assert ("✓ With a picture", "○ Dark") in shown.buttons
    await town.owner.taps("○ Dark")
    await town.owner.is_told("Your pictures are dark from now on")
    assert ("✓ With a picture", "✓ Dark") in (await town.owner.reads("Digest: all that you see")).buttons
    clock.advance(minutes=1)
    [picture] = await files(town, 1)
    assert picture.labels == ("Light",)
    drawn = Image.open(BytesIO(await town.owner.downloads(picture))).convert("RGB")
    assert drawn.getpixel((0, 0)) == getrgb(DARK.background)


async def test_a_spreadsheet_has_a_sheet_of_people_and_one_of_profiles(
    town: Town, office: Office, clock: Clock
) -> None:
    await office.engine.write(courses.advance, 2, 1, Progress.STARTED, clock())
    await turn_on(town, picture=False)
    clock.advance(minutes=1)
    [file] = await files(town, 1)
    book = CalamineWorkbook.from_filelike(BytesIO(await town.owner.downloads(file)))
    assert book.sheet_names == ["People", "Profiles"]
    header, person = book.get_sheet_by_name("People").to_python()
    told = dict(zip(header, person, strict=True))
    assert told["Signed up at (UTC)"] == clock().replace(tzinfo=None, minute=0)
    assert (told["First name"], told["Last name"], told["Email address"]) == ("Anna", "Berzina", "anna@example.com")
    assert (told["Department at sign-up"], told["Department now"]) == ("Sales / EMEA", "Sales / EMEA")
    assert (told["Profile"], told["State"], told["Safety first"]) == ("Autumn sales", "active", "started")
    assert told["Safety first: started"] == clock().replace(tzinfo=None, minute=0)
    names, profile = book.get_sheet_by_name("Profiles").to_python()
    counted = dict(zip(names, profile, strict=True))
    assert (counted["Profile"], counted["Joined"], counted["Hidden"]) == ("Autumn sales", 1, 0)
    assert counted["Places used"] == 1


async def test_nothing_follows_a_digest_that_is_silent_or_tells_of_nobody(town: Town, clock: Clock) -> None:
    await turn_on(town)
    clock.advance(minutes=1)
    await town.outbox_has("sent", 4)
    clock.advance(days=1)
    await town.owner.reads("Nobody joined since")
    await town.outbox_has("failed", 2)
    assert len(await files(town, 2)) == 2


@pytest.mark.deep
async def test_a_picture_whose_answer_is_lost_is_sent_again_saying_so_and_listed(town: Town, clock: Clock) -> None:
    await turn_on(town, spreadsheet=False)
    town.gate.lose_answer_once("sendPhoto")
    clock.advance(minutes=1)
    await town.owner.reads("Sent again: Telegram did not confirm")
    assert len(await files(town, 2)) == 2
    assert (await town.engine.read(outbox.counts))["unknown"] == 1
    said = await town.owner.says("/log unconfirmed")
    await town.owner.reads("the picture of a digest", after=said)


@pytest.mark.deep
async def test_a_spreadsheet_that_telegram_puts_off_comes_later(town: Town, clock: Clock) -> None:
    await turn_on(town, picture=False)
    town.gate.refuse_once("sendDocument", 429, "Too Many Requests: retry after 5", retry_after=5)
    clock.advance(minutes=1)
    await town.gate.refused.wait()
    await town.outbox_has("waiting")
    clock.advance(seconds=6)
    await town.outbox_has("sent", 3)
    assert len(await files(town, 1)) == 1


@pytest.mark.deep
async def test_who_blocks_the_bot_before_the_picture_gets_no_digest_any_more(town: Town, clock: Clock) -> None:
    await turn_on(town, spreadsheet=False)
    town.gate.refuse_once("sendPhoto", 403, "Forbidden: bot was blocked by the user")
    clock.advance(minutes=1)
    await town.outbox_has("failed")
    [card] = (await town.engine.read(digest_cards.listing, 1)).cards
    assert card.subscription.next_due is None


@pytest.mark.deep
@pytest.mark.parametrize(
    ("code", "caption", "sheets"),
    [
        ("ru", "1 человек зарегистрировался за всё время\n1 · Autumn sales", ["Люди", "Профили"]),
        ("es", "1 inscrito hasta ahora\n1 · Autumn sales", ["Personas", "Perfiles"]),
    ],
)
async def test_files_are_in_their_readers_language(
    town: Town, clock: Clock, code: str, caption: str, sheets: list[str]
) -> None:
    await town.owner.asks(f"/language {code}")
    await turn_on(town)
    clock.advance(minutes=1)
    picture, file = await files(town, 2)
    assert picture.text == caption
    book = CalamineWorkbook.from_filelike(BytesIO(await town.owner.downloads(file)))
    assert book.sheet_names == sheets


async def test_more_of_a_digest_has_its_picture_and_its_file(town: Town) -> None:
    said = await town.owner.says("/digest now")
    await town.owner.reads("1 joined so far", after=said)
    await tap(town, "More ›", "1 new, 49 places left")
    picture = await tap(town, "Picture", "1 · Autumn sales")
    await town.owner.taps("File")
    file = await town.owner.reads("1 joined so far", after=picture)
    assert ("photo" in picture.raw, "document" in file.raw) == (True, True)


@pytest.mark.deep
async def test_a_spreadsheet_goes_to_a_group_after_a_question(town: Town, clock: Clock) -> None:
    group = await town.owner.makes_group("Crew")
    await town.owner.within(group).reads("Hello! I take sign-ups")
    await turn_on(town)
    await town.owner.within(group).says("/digest daily 12:01")
    await town.owner.reads("the group Crew")
    await tap(town, "Send it there", "gets your digest now")
    await town.owner.says("/digest")
    await tap(town, "Change it", "If somebody joined, a picture follows it.")
    await tap(town, "○ With a spreadsheet", "Everyone there will get the file")
    await tap(town, "Send it there", "If somebody joined, a picture and a spreadsheet follow it.")
    clock.advance(minutes=1)
    await town.outbox_has("sent", 6)  # the first learner, the question, the note to the group, and these
    there = await town.owner.within(group).messages()
    assert [sorted({"photo", "document"} & set(each.raw)) for each in there[-2:]] == [["photo"], ["document"]]
    assert [each.labels for each in there[-2:]] == [(), ()]


async def test_who_may_not_export_histories_is_offered_no_spreadsheet(office: Office) -> None:
    reading = [Permission.RECEIVE_DIGESTS]
    await a_user(office.engine, Role.CUSTOM, "Sales", permissions=reading, telegram_id=1002)
    counter = Counter(office.engine)
    await counter.line(1002, "/digest daily 18:00")
    shown = await counter.tap(1002, "digest-card:1")
    assert "With a picture" in shown
    assert "With a spreadsheet" not in shown


async def test_a_theme_on_an_older_button_of_a_digest_is_drawn_once_and_not_chosen(town: Town, clock: Clock) -> None:
    await turn_on(town, spreadsheet=False)
    clock.advance(minutes=1)
    await files(town, 1)
    assert not str(await Counter(town.engine).tapped(OWNER, "digest-picture:1:1")).count("from now on")
    [card] = (await town.engine.read(digest_cards.listing, 1)).cards
    assert not card.dark
