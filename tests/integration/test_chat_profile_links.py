"""A profile's links in chat: QR codes, labels, replacements, checks, copies; over real HTTP against the sandbox."""

import re
from collections.abc import AsyncIterator

import pytest

from core.domain.links import LinkState
from core.engine import Engine
from core.services import profile_links, profile_lists, sign_up_page
from core.services.profile_links import FailedForm
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, PAGES, Town, open_town
from tests.support.lines import AUTUMN, SET_UP, ask, link_on, set_up, sign_up, tap, typed
from tests.support.rows import a_manager
from tests.support.screens import Screens

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    async with open_town(engine) as town:
        yield town


async def state(town: Town, link: str) -> LinkState:
    token = link.rsplit("/", 1)[-1]
    return (await town.engine.read(sign_up_page.preview, token, town.engine.now())).state


async def test_the_qr_code_is_a_large_picture_with_the_name_and_the_link(town: Town) -> None:
    card = await set_up(town)
    photo = await tap(town, "QR", "Autumn sales")
    assert photo.text == f"Autumn sales\n{link_on(card)}"
    assert photo.button("Copy link")["copy_text"]["text"] == link_on(card)
    assert photo.raw["photo"][-1]["width"] >= 800
    assert (await town.owner.downloads(photo)).startswith(b"\x89PNG")
    assert link_on(card) in (await town.owner.messages())[-2].text


async def test_a_link_is_replaced_after_a_question_and_once(town: Town) -> None:
    card = await set_up(town)
    await tap(town, "More ›")
    question = await tap(town, "Replace link", "Replace the link of “Autumn sales” (#1)?")
    after = await tap(town, "Replace", "🟢")
    assert await state(town, link_on(card)) is LinkState.REPLACED
    assert await state(town, link_on(after)) is LinkState.OPEN
    assert question.button("Replace")["callback_data"].endswith(link_on(card).rsplit("/", 1)[-1])


async def test_a_question_about_a_link_that_is_replaced_already_replaces_nothing(town: Town) -> None:
    await set_up(town)
    await tap(town, "More ›")
    stale = await tap(town, "Replace link", "Replace the link")
    await ask(town, "/profile 1")
    await tap(town, "More ›")
    await tap(town, "Replace link", "Replace the link")
    replaced = await tap(town, "Replace", "🟢")
    owner = town.owner
    await owner.taps("Replace")
    assert (await owner.is_told("has changed since")).show_alert
    assert stale.id != replaced.id
    assert await state(town, link_on(replaced)) is LinkState.OPEN


async def test_a_labelled_link_has_buttons_of_its_own(town: Town) -> None:
    card = await set_up(town)
    labelled = await ask(town, "/addlink 1 | <Riga> office")
    link = link_on(labelled)
    assert labelled.text.startswith(f"<Riga> office\nAutumn sales (#1)\n{link}\ntried 0 · completed 0")
    assert labelled.button("Copy link")["copy_text"]["text"] == link
    assert labelled.button("QR")["callback_data"] == f"qr:1:{link.rsplit('/', 1)[-1]}"
    listed = await tap(town, "‹ Back", "All its links share one limit")
    assert listed.labels == ("Main link", "<Riga> office", "➕ Add a link", "‹ Profile")
    assert "Rename" not in (await tap(town, "Main link", link_on(card))).labels


async def test_links_are_added_and_renamed_by_buttons_and_typed_labels(town: Town) -> None:
    await set_up(town)
    await tap(town, "More ›")
    await tap(town, "Links & labels", "All its links share one limit")
    await tap(town, "➕ Add a link", "Link label: type it")
    link = link_on(await ask(town, "Riga office", "Added a link with the label “Riga office”."))
    await tap(town, "Rename", "New label: type it")
    renamed = await ask(town, "Poster in the hall", "Its label is “Poster in the hall” now.")
    assert link_on(renamed) == link


async def test_a_link_says_how_many_tried_it_and_how_many_completed(town: Town) -> None:
    await set_up(town)
    added = await ask(town, "/addlink 1 | Riga")
    await sign_up(town, added)
    token, now = link_on(added).rsplit("/", 1)[-1], town.engine.now()
    for ticket in ("a", "b"):
        await town.engine.write(profile_links.note_failure, token, FailedForm(ticket=ticket), now)
    await tap(town, "‹ Back", "Main link: tried 0 · completed 0\nRiga: tried 3 · completed 1")


async def test_many_links_are_listed_in_pages(town: Town) -> None:
    await set_up(town)
    for number in range(6):
        await ask(town, f"/addlink 1 | Office {number}")
    first = await tap(town, "‹ Back", "Main link: tried")
    assert first.labels[-5:] == ("‹", "1/2", "›", "➕ Add a link", "‹ Profile")
    second = await tap(town, "›", "Office 5: tried")
    assert second.labels[:2] == ("Office 4", "Office 5")


async def test_a_copy_is_named_by_the_line_or_gets_the_next_number(town: Town) -> None:
    await set_up(town)
    assert (await ask(town, "/duplicate 1 | Winter sales")).text.startswith("🟢 Winter sales (#2)")
    await ask(town, "/profile 1")
    await tap(town, "More ›")
    form = await tap(town, "Duplicate", "New sign-up link")
    assert "Name: Autumn sales (2)\nDepartment: Sales / EMEA" in form.text
    assert "Closes: 24 Dec 18:00 (31 days left)\nPlaces: 50" in form.text
    copy = await tap(town, "Create the link", "🟢")
    assert copy.text.startswith("🟢 Autumn sales (2) (#3)\nSales / EMEA\nOpen until 24 Dec 18:00")


async def test_the_form_of_a_copy_makes_one_however_often_it_is_tapped(engine: Engine, office: Office) -> None:
    card = await office.profile()
    screens = Screens(engine=engine)
    await screens.send(f"duplicate:{card.profile_id}")
    making = screens.data("Create the link")
    made = await screens.send(making)
    assert made.startswith("🟢 Autumn sales (2) (#2)")
    assert (await screens.send(making)).startswith("🟢 Autumn sales (2) (#2)")
    assert (await engine.read(profile_lists.listing, office.owner_id, "", 0, engine.now())).total == 2


async def test_a_link_is_checked_for_now_and_for_a_time(town: Town) -> None:
    link = link_on(await set_up(town))
    now = await ask(town, f"/check {link}")
    assert now.text.splitlines()[:4] == [
        "🟢 The link works.",
        "Checked for Mon 23 Nov 14:00 (Riga)",
        "",
        "🟢 Autumn sales (#1)",
    ]
    later = await ask(town, f"/check {link} 2026-12-24 18:01")
    assert later.text.splitlines()[:2] == [
        "🏁 The link does not work: it is only open until 24 Dec 18:00 (Riga).",
        "Checked for Thu 24 Dec 18:01 (Riga), if nothing changes before then",
    ]


async def test_a_check_that_is_repeated_asks_for_the_same_time(town: Town) -> None:
    link = link_on(await set_up(town))
    for time, asked in (
        ("", "Mon 23 Nov 14:00"),
        ("now", "Mon 23 Nov 14:00"),
        ("2026-12-24 17:59", "Thu 24 Dec 17:59"),
    ):
        await ask(town, "/resume 1", "Open until")
        await ask(town, f"/check {link} {time}", "The link works.")
        await ask(town, "/pause 1", "Paused")
        assert f"Checked for {asked} (Riga)" in (await tap(town, "Check again", "its profile is paused")).text


async def test_a_check_for_a_time_before_the_start_says_when_it_opened_or_opens(town: Town) -> None:
    link = link_on(await set_up(town))
    before = await ask(town, f"/check {link} 2026-11-22")
    assert before.text.splitlines()[0] == "🕒 The link did not work then: it did not open until 23 Nov 09:00 (Riga)."
    await ask(town, "/editprofile 1 start 2026-12-01", "Nothing is saved yet")
    await tap(town, "Save", "🕒")
    assert "🕒 The link does not work yet: it opens 1 Dec" in (await ask(town, f"/check {link}")).text
    assert (
        "🕒 The link will not work then: it does not open until 1 Dec"
        in (await ask(town, f"/check {link} 2026-11-30")).text
    )


async def test_a_check_tells_every_reason(town: Town) -> None:
    card = await set_up(town, "/newprofile One | Sales | 2026-11-23 09:00 - +1 month | 1")
    link = link_on(card)
    assert "it did not open until 23 Nov 09:00 (Riga)." in (await ask(town, f"/check {link} 2026-11-22")).text
    await sign_up(town, card)
    await ask(town, f"/check {link}", "no places are left")
    await ask(town, "/pause 1")
    await ask(town, f"/check {link}", "its profile is paused")
    await ask(town, "/signup off")
    await ask(town, f"/check {link}", "sign-up is off in this account")
    await ask(town, "/profile 1", "(#1)")
    await tap(town, "More ›", "(#1)")
    await tap(town, "Replace link", "Replace the link")
    await tap(town, "Replace", "(#1)")
    await ask(town, f"/check {link}", "it was replaced by a new one")
    await ask(town, "/deleteprofile 1", "Delete “One”")
    await tap(town, "Delete", "is deleted")
    removed = await ask(town, f"/check {link}", "✖️")
    assert removed.text.splitlines()[0] == "✖️ The link no longer works: its profile was deleted."
    assert removed.labels == ("Check again",)


async def test_a_link_of_others_is_as_unknown_as_one_that_never_was(town: Town) -> None:
    link = link_on(await set_up(town))
    await a_manager(town.engine, "Support", telegram_id=MANAGER)
    manager = town.person(MANAGER)
    answers = {
        (await ask(town, f"/check {asked}", person=manager)).text for asked in (link, f"{PAGES}/s/nobody", "n" * 24)
    }
    assert answers == {"This isn't one of the links that you manage."}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/check {link} later", "I can't read the time “later”."),
        ("/check {link} 2027-03-28 03:30", "The nearest times are"),
        ("/check {link} 2027-10-31 03:30", "occurs twice that night; the first one is used."),
        ("/addlink 1", "/addlink 1 | Riga office"),
        ("/addlink 99 | Riga", "You have no profile #99."),
        ("/renamelink 1 | Oslo | Riga", "There is no link with the label “Oslo”."),
        ("/duplicate 1", "/duplicate 1 | Winter sales"),
        ("/duplicate 99 | Winter", "You have no profile #99."),
    ],
)
async def test_a_mistake_is_told_with_what_would_be_right(office: Office, line: str, sentence: str) -> None:
    card = await typed(office, *SET_UP, AUTUMN)
    link = re.search(r"https://signup[.]example[.]org/[^\s<']+", card)
    assert link
    assert sentence in await typed(office, line.replace("{link}", link[0]))


async def test_a_label_is_given_once(town: Town) -> None:
    await set_up(town)
    await ask(town, "/addlink 1 | Riga")
    assert "A link with the label “riga” already exists." in (await ask(town, "/addlink 1 | riga")).text
