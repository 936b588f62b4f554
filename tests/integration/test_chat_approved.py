"""What is read in answer to every command and every button, in texts that somebody has read and approved.

The owner reads it, or of those who may send it the next one.

A third of it is approved in Russian, too: its plural forms and its order of words are others. `make approve` writes the
texts anew.
"""

import re
from collections.abc import Callable, Collection, Iterator

import pytest

from bot.screens.screen import Screen
from bot.sending.replies import CommandsMenu, InlineAnswer, NewMessage, Removal, Reply, ScreenChange, TapAnswer
from tests.integration.test_chat_matrix import BUTTONS, LINES, Row, drawn
from tests.support.approved import Approve
from tests.support.permission_matrix import Role
from tests.support.rich_account import nothing_random
from tests.support.settled_fixture import PreparedDatabase, a_copy
from tests.support.written import in_a_line

NUMBERED_FROM = 1_000_000
READABLE = (".csv", ".txt", ".json")


def _file(row: Row) -> str:
    words = re.sub(r"[^\w!#@]+", "-", row.sent.replace(":", "_")).strip("-")
    return f"chat/{'lines' if row in LINES else 'buttons'}/{words}"


ROWS = {_file(row): row for row in (*LINES, *BUTTONS) if row.allowed}  # nobody may send what is without an effect


@pytest.mark.parametrize("name", ROWS)
async def test_what_is_read_is_as_approved(name: str, settled: PreparedDatabase, approve: Approve) -> None:
    row = ROWS[name]
    languages = ("en", "ru") if drawn(row.sent, 3) else ("en",)
    reader = min(row.allowed)
    by = "" if reader is Role.OWNER else f", {reader.name.lower()}"
    texts = [f"# {row.sent} ({language}{by})\n{await _read(reader, row, language, settled)}" for language in languages]
    approve(name, "\n".join(texts))


def test_each_has_a_text_of_its_own(approve_no_others: Callable[[str, Collection[str]], None]) -> None:
    assert len(ROWS) == sum(bool(row.allowed) for row in (*LINES, *BUTTONS))
    approve_no_others("chat", ROWS)


async def _read(reader: Role, row: Row, language: str, settled: PreparedDatabase) -> str:
    counter = a_copy(settled)
    with nothing_random(NUMBERED_FROM):
        if row in LINES:
            replies = await counter.typed(reader, row.sent, language=language)
        else:
            replies = await counter.tapped(reader, settled.carried.get(row.sent, row.sent), language=language)
    return "\n".join(line for reply in replies for line in _lines(reply)) + "\n"


def _lines(reply: Reply) -> Iterator[str]:
    yield f"-> {type(reply).__name__}"
    match reply:
        case NewMessage(screen=screen) | ScreenChange(screen=screen):
            yield from _of_screen(screen)
        case TapAnswer(text=text, alert=alert):
            yield f"{'alert' if alert else 'toast'}: {text}"
        case InlineAnswer(results=shown) | CommandsMenu(commands=shown):
            yield from (str(each.to_dict()) for each in shown)
        case Removal():
            yield in_a_line(reply.changes)


def _of_screen(screen: Screen) -> Iterator[str]:
    yield str(screen.text)
    for row in screen.rows:
        yield " ".join(f"[{button.text}]({_carried(button.to_dict())})" for button in row)
    if screen.toast:
        yield f"toast: {screen.toast}"
    if screen.attachment:
        yield f"file: {screen.attachment.name}"
        if screen.attachment.name.endswith(READABLE):
            yield from screen.attachment.contents.decode().splitlines()


def _carried(button: dict[str, object]) -> str:
    """Return what a button does, and its style."""
    return ", ".join(str(value) for name, value in button.items() if name != "text")
