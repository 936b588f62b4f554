"""What is said in a word or two on any form is never taken for an answer, and never breaks the form."""

from collections.abc import Iterator

import pytest

from bot.handlers.forms import FORMS
from bot.input.spoken import GREETINGS, LEAVING, OTHERS
from bot.menu.form import BUTTON, Form
from bot.receiving.routes import BY_NAME
from core.services import dialogues
from tests.support.account import Office
from tests.support.forms import way
from tests.support.router_fixture import LANGUAGES
from tests.support.screens import OWNER, Screens

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.parametrize("code", ["en", "es", "ru"]),
    pytest.mark.parametrize("form", FORMS.values(), ids=FORMS),
]
HELLO = "Hello! You are filling in this form: tap or type what is to change."


def called(name: str, words: str, code: str) -> Iterator[str]:
    """Each way to say a command; it isn't looked at in which language the answers are, so in English only."""
    yield name
    if code == "en":
        yield from (word.strip() for word in words.split(","))


@pytest.fixture
async def screens(office: Office, form: Form, code: str) -> Screens:
    await office.profile(window="now - +2 weeks")
    screens = Screens(engine=office.engine, language=code)
    await screens.send(way(form)[0])
    return screens


async def state(office: Office) -> object:
    engine = office.engine
    found = await engine.read(dialogues.current, office.owner_id, OWNER, engine.now())
    return found and found.answers


@pytest.mark.deep
async def test_words_that_say_a_command_ask_whether_it_is_meant(office: Office, screens: Screens, code: str) -> None:
    say, before = LANGUAGES.all[code].gettext, await state(office)
    for name, words in OTHERS.items():
        summary = BY_NAME[name].summary or BY_NAME["menu"].summary
        asked = say("Did you mean “{what}”?").format(what=say(summary))
        for word in called(name, words, code):
            said = await screens.type(word)
            assert said.startswith(say(HELLO) if word in GREETINGS.split(", ") else asked), word
            assert screens.labels[0][0] == say("Use as typed")
            assert await state(office) == before


@pytest.mark.deep
async def test_words_that_leave_do_what_the_command_does(screens: Screens, form: Form, code: str) -> None:
    for name, words in LEAVING.items():
        await screens.send(way(form)[0])
        expected = await screens.type(f"/{name}")
        for word in called(name, words, code):
            await screens.send(way(form)[0])
            assert await screens.type(word) == expected, word
            assert not any(
                str(button.callback_data).startswith(f"{BUTTON}:") for row in screens.shown.rows for button in row
            )


async def test_a_greeting_can_be_the_answer_after_all(office: Office, screens: Screens, code: str) -> None:
    before = await state(office)
    await screens.type("hola")
    await screens.tap(LANGUAGES.all[code].gettext("Use as typed"))
    assert await state(office) != before
