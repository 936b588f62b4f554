"""Each sender is answered in the language of their own Telegram; notices come in the one that was last seen."""

from dataclasses import replace

import pytest
from telegram import Update

from bot.context import Context, UpdateInHand
from bot.receiving.router import Router
from bot.receiving.routes import BY_NAME
from bot.screens.screen import Screen
from bot.sending.replies import NewMessage
from core.domain.inbox import Standing
from core.domain.outbox import Kind
from core.services import chat_languages, outbox, people
from core.services.inbox import Claim
from tests.support.account import Office
from tests.support.bot_fixture import OWNER, Town
from tests.support.chat import Person
from tests.support.lines import ask
from tests.support.router_fixture import ADDRESSES, GROUP, LANGUAGES, Counter
from tests.support.site import SECRET

# What people read is the same on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STRANGERS = "This chat is for invited people only."
IN_RUSSIAN = "Этот чат только для приглашённых."
IN_SPANISH = "Este chat es solo para personas invitadas."


async def newcomer(town: Town, language_code: str) -> Person:
    body = {"name": "Rita", "language_code": language_code}
    async with town.http.post(f"{town.sandbox.url}/api/people", json=body) as response:
        return town.person((await response.json())["id"])


async def staff(town: Town, language_code: str) -> Person:
    """An administrator with this language, who has opened an invitation."""
    await ask(town, "/start")
    made = await ask(town, "/invite administrator")
    person = await newcomer(town, language_code)
    await ask(town, f"/start {made.text.partition('/start ')[2].splitlines()[0]}", person=person)
    await town.owner.reads("opened your invitation")  # else it could be taken for an answer
    return person


@pytest.mark.parametrize(
    ("language_code", "sentence"),
    [
        ("ru", IN_RUSSIAN),
        ("ru-RU", IN_RUSSIAN),
        ("es", IN_SPANISH),
        ("es-MX", IN_SPANISH),
        ("en", STRANGERS),
        ("pt-BR", STRANGERS),
        ("uk", STRANGERS),
    ],
)
async def test_a_stranger_is_answered_in_their_language_or_in_english(
    town: Town, language_code: str, sentence: str
) -> None:
    assert (await ask(town, "hello", person=await newcomer(town, language_code))).text.startswith(sentence)


@pytest.mark.parametrize(
    ("language_code", "empty", "unknown", "plain"),
    [
        ("ru", "Подразделений пока нет.", "Я не знаю команды /teleport.", "Непонятно, что здесь значит «a fine day»"),
        (
            "es",
            "Todavía no hay departamentos.",
            "No conozco /teleport.",
            "No entiendo qué significa aquí «a fine day»",
        ),
        ("pt-BR", "No departments yet.", "I don't know /teleport.", "I don't know what “a fine day” means here."),
    ],
)
async def test_answers_and_mistakes_are_told_in_the_senders_language(
    town: Town, language_code: str, empty: str, unknown: str, plain: str
) -> None:
    person = await staff(town, language_code)
    for line, sentence in (("/departments", empty), ("/teleport", unknown), ("a fine day", plain)):
        assert (await ask(town, line, person=person)).text.startswith(sentence)
    assert "No departments yet." in (await ask(town, "/departments")).text  # the owner's stays English


async def test_a_refusal_is_told_in_the_senders_language(town: Town) -> None:
    person = await staff(town, "ru")
    english, russian = await ask(town, "/profile 99"), await ask(town, "/profile 99", person=person)
    assert (english.text, russian.text) == (
        "You have no profile #99. /profiles lists yours.",
        "У вас нет профиля #99. Ваши покажет /profiles.",
    )


async def test_a_button_and_its_toast_are_in_the_senders_language(town: Town) -> None:
    person = await staff(town, "ru")
    for line in ("/signup on", "/adddepartment Sales"):
        await ask(town, line)
    await ask(town, "/newprofile Autumn | Sales | now - +1 week | 5", person=person)
    await person.taps("Пауза")
    assert (await person.is_told()).text == "На паузе"


@pytest.mark.deep
async def test_an_apology_is_in_the_senders_language(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_context: Context, _text: str) -> Screen:
        raise ZeroDivisionError

    person = await staff(town, "es")
    monkeypatch.setitem(BY_NAME, "departments", replace(BY_NAME["departments"], handler=broken))
    assert (await ask(town, "/departments", person=person)).text.startswith("Algo ha fallado por nuestra parte")


async def test_telegrams_menu_is_in_the_senders_language(town: Town) -> None:
    person = await staff(town, "ru")
    menus = {}
    for each in (OWNER, person.id):
        async with town.http.get(f"{town.sandbox.url}/api/commands", params={"person": each}) as response:
            offered = (await response.json())["commands"]
        menus[each] = {command["command"]: command["description"] for command in offered}["links"]
    assert (menus[OWNER].partition(" ")[0], menus[person.id].partition(" ")[0]) == ("Your", "Ваши")


async def test_a_notice_comes_in_the_language_that_the_recipient_last_wrote_in(office: Office, town: Town) -> None:
    await ask(town, "/start")
    await town.engine.write(chat_languages.remember_language, office.owner_id, "ru")
    await office.sign_up((await office.profile(name="Autumn")).token, "anna@example.com")
    await town.owner.reads("Первый ученик зарегистрировался по ссылке")
    await ask(town, "/departments")  # the owner's Telegram is in English
    await office.sign_up((await office.profile(name="Winter")).token, "boris@example.com")
    await town.owner.reads("The first learner signed up through")


async def test_a_chosen_language_is_that_of_answers_taps_and_the_menu_but_not_of_groups(office: Office) -> None:
    counter = Counter(office.engine)
    chosen = await counter.line(OWNER, "/language Русский")
    assert "Вам отвечают на этом языке: Русский." in chosen
    assert "'command': 'links', 'description': 'Ваши ссылки" in chosen
    assert "Подразделения" in await counter.tap(OWNER, "more")
    assert "Эта кнопка" in await counter.tap(OWNER, "nothing:1")
    assert "Ask me this in our private chat" in await counter.line(OWNER, "/profiles", chat=GROUP)
    assert "Le respondo en este idioma: Español." in (tapped := await counter.tap(OWNER, "language:es"))
    assert "Sus enlaces" in tapped
    as_in_telegram = await counter.line(OWNER, "/language como en telegram")
    assert "I answer you in the language of your Telegram: English." in as_in_telegram
    assert "Your sign-up links" in as_in_telegram
    assert "I don't understand" in await counter.line(OWNER, "/language klingon")


async def test_a_chosen_language_is_that_of_messages_to_the_person_but_not_to_their_group(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await Counter(engine).line(OWNER, "/language ru")
    for chat in (OWNER, -5005):
        await engine.write(outbox.queue, owner, chat, Kind.DIGEST, 1, engine.now())
    claimed = await engine.write(outbox.claim, "a test", engine.now())
    assert {message.chat_id: message.language for message in claimed} == {OWNER: "ru", -5005: "en"}


async def test_an_apology_is_in_the_chosen_language(office: Office) -> None:
    await Counter(office.engine).line(OWNER, "/language es")
    sender = {"id": OWNER, "is_bot": False, "first_name": "Olivia", "language_code": "en"}
    message = {"message_id": 1, "date": 0, "chat": {"id": OWNER, "type": "private"}, "from": sender, "text": "/menu"}
    update = {"update_id": 1, "message": message}
    claim = Claim(
        update_id=1,
        holder="a test",
        turn=1,
        standing=Standing.KNOWN,
        body=update,
        sender=await office.engine.read(people.by_telegram_id, OWNER),
    )
    in_hand = UpdateInHand(engine=office.engine, claim=claim, addresses=ADDRESSES)
    router = Router(office.engine, LANGUAGES, secret_key=SECRET, owner_telegram_id=None)
    [apology] = router.apology(Update.de_json(update, None), in_hand)
    assert isinstance(apology, NewMessage)
    assert apology.screen.text.startswith("Algo ha fallado")
