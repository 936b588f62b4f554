"""What people do most often, on the pages and in the chat, one step at a time, with what each step costs."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from statistics import mode

from core.engine import Engine
from tests.support.account import an_office
from tests.support.chat import SeenMessage
from tests.support.desk import open_desk
from tests.support.site import PASSWORD, Answer, open_site
from tests.support.statements import Cost, counted

Step = Callable[[], Awaitable[SeenMessage]]
TRIES = 3
LINES = ("/profiles", "/help", "/newprofile")


async def cost_of_pages(engine: Engine) -> Mapping[str, Cost]:
    """Count a sign-up and a log-in, as they are when others have come before."""
    token = (await (await an_office(engine)).profile()).token
    async with open_site(engine) as site:
        await site.visitor().sign_up(token, "first@example.com")
        await site.visitor().log_in("first@example.com")
        newcomer, returning, steps = site.visitor(), site.visitor(), dict[str, Cost]()
        log_in = await returning.open_form("/login")
        values = {"identifier": "first@example.com", "password": PASSWORD, "form_token": log_in.token}
        steps["form page"] = await _cost(newcomer.get(f"/s/{token}"), 200)
        steps["form page again"] = await _cost(newcomer.get(f"/s/{token}"), 200)  # within a second, and nothing written
        form = await newcomer.open_link(token)
        steps["sign-up"] = await _cost(newcomer.fill(form), 303)
        steps["My Courses"] = await _cost(newcomer.get("/courses"), 200)
        steps["log-in"] = await _cost(returning.post("/login", values), 303)
    return steps


async def cost_of_chat(engine: Engine) -> Mapping[str, Cost]:
    """Count typed lines and a tap, as they are when the owner has written before."""
    await (await an_office(engine)).profile()
    async with open_desk(engine) as desk:
        steps = {line: await _usual_cost(partial(desk.line, line)) for line in LINES}
        return steps | {
            "tap": await _usual_cost(partial(desk.tap, "Who joined"), after=partial(desk.line, "/profile 1"))
        }


async def _usual_cost(step: Step, *, after: Step | None = None) -> Cost:
    """Count a step several times: on a busy machine a lease may be renewed during one, or two writes share a commit."""
    costs = list[Cost]()
    for _ in range(TRIES):
        if after:
            await after()
        with counted() as count:
            await step()
        costs.append(count.cost)
    return mode(costs)


async def _cost(request: Awaitable[Answer], status: int) -> Cost:
    with counted() as count:
        answer = await request
    assert answer.status == status
    return count.cost
