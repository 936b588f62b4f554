"""Telegram refuses, fails, hangs, or sends what can't be parsed."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import ClientSession, web

from benchmarks.weather.fault import Fault
from benchmarks.weather.scene import Conditions, Scene, pause
from benchmarks.weather.telegram import Answer

DURATION = 6.0  # seconds
HOUR = 3600
BREAK = "This line can't be parsed."
SECRET = "weather"  # noqa: S105 - of nothing
BROKEN = {"message_id": "first", "date": "today", "chat": 5, "from": None}


def _refusing(code: int, description: str, **parameters: object) -> Answer:
    async def answer(_request: web.Request) -> web.Response:
        body: dict[str, object] = {"ok": False, "error_code": code, "description": description}
        return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=code)

    return answer


async def _html(_request: web.Request) -> web.Response:
    return web.Response(text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html", status=502)


async def _hang(_request: web.Request) -> web.Response:
    await asyncio.Event().wait()
    raise AssertionError


async def _cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.close()
    return web.Response()


async def _fail(at: Scene, *, answer: Answer) -> None:
    at.line.fail(answer)
    await pause(DURATION)
    at.notes.append(f"{at.line.calls} calls in {DURATION:.0f} s")
    at.line.mend()


async def _an_hour(at: Scene) -> None:
    """Announce an hour to the poll alone; nobody waits that long here, so the program is started anew."""
    polls = 0

    async def answer(request: web.Request) -> web.Response | None:
        nonlocal polls
        if not request.path.endswith("/getUpdates"):
            return None
        polls += 1
        return await _refusing(429, f"Too Many Requests: retry after {HOUR}", retry_after=HOUR)(request)

    at.line.fail(answer)
    await pause(2 * DURATION)
    at.notes.append(f"{polls} polls in {2 * DURATION:.0f} s")
    if polls > 1:
        at.wrong.append("the announced hour is not kept")
    at.line.mend()
    await at.kill()
    await at.start()
    await at.is_up()


async def _lose(at: Scene) -> None:
    """Lose the answers to sent messages: they have arrived, and the bot can't know."""
    at.line.loses = "sendMessage"
    await pause(DURATION)
    at.line.mend()


async def _unparsable(at: Scene) -> None:
    """Send updates whose message can't be parsed, beside others."""
    if "WEBHOOK_SECRET" in at.settings:
        async with ClientSession() as http:
            address = f"http://127.0.0.1:{at.settings['WEB_PORT']}/telegram/updates"
            for number, body in enumerate((json.dumps({"update_id": 10**9, "message": BROKEN}), "[]", "{", "")):
                headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
                async with http.post(address, data=body, headers=headers) as answer:
                    at.notes.append(f"post {number + 1}: {answer.status}")
        return
    at.line.breaks = BREAK
    await at.owner.says(BREAK)
    await pause(DURATION)


KINDS: dict[str, tuple[str, Answer]] = {
    "401": ("refuses the token", _refusing(401, "Unauthorized")),
    "409": (
        "says that another bot polls",
        _refusing(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance runs"),
    ),
    "429": ("says to wait for 3 s", _refusing(429, "Too Many Requests: retry after 3", retry_after=3)),
    "500": ("fails (500)", _refusing(500, "Internal Server Error")),
    "html": ("answers with a page (502)", _html),
    "hanging": ("doesn't answer", _hang),
    "cut": ("cuts every connection", _cut),
}
SAYS = {"401": r"refuses the token|token"}
LATER = {"429": 3.0}  # seconds that Telegram itself asked for


def _fault(kind: str, *, webhook: bool) -> Fault:
    words, answer = KINDS[kind]
    return _in_mode(
        kind,
        f"{words} for {DURATION:.0f} s",
        partial(_fail, answer=answer),
        webhook=webhook,
        says="" if webhook else SAYS.get(kind, ""),
        chat_within=1.5 + LATER.get(kind, 0.0),
    )


def _in_mode(
    kind: str,
    words: str,
    strike: Callable[[Scene], Awaitable[None]],
    *,
    webhook: bool,
    says: str = "",
    chat_within: float = 1.5,
) -> Fault:
    return Fault(
        name=f"telegram-{kind}{'-webhook' if webhook else ''}",
        expected=f"Telegram {words}{' (webhook)' if webhook else ''}: pages go on",
        strike=strike,
        databases=("sqlite",),
        says=says,
        chat_within=chat_within,
        conditions=Conditions(webhook=webhook, environment={"WEBHOOK_SECRET": SECRET} if webhook else {}),
    )


FAULTS = [
    *(_fault(kind, webhook=webhook) for kind in KINDS for webhook in (False, True)),
    Fault(
        name="telegram-429-hour",
        expected="Telegram tells the poll to wait for an hour: it does, and pages go on",
        strike=_an_hour,
        databases=("sqlite",),
        chat_within=20.0,
        pages_within=5.0,
    ),
    *(_in_mode("lost", f"loses answers for {DURATION:.0f} s", _lose, webhook=each) for each in (False, True)),
    *(_in_mode("unparsable", "sends what can't be parsed", _unparsable, webhook=each) for each in (False, True)),
]
