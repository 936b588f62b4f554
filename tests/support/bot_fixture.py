"""The bot at work in a sandbox, with people to talk to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from aiohttp import ClientSession

from bot.sandbox import SANDBOX_TOKEN, Sandbox
from bot.sending.rate_limiter import Limits, Window
from bot.service import BotService, BotSettings
from core.config import Settings
from core.engine import Engine
from core.services import outbox
from tests.support.account import Office
from tests.support.api_proxy import Gate
from tests.support.chat import Person
from tests.support.patience import PATIENCE
from tests.support.settings import settings_of
from tests.support.site import SECRET, Site, Visitor, open_site

OWNER, MANAGER, STRANGER = 1001, 1002, 1003
OFTEN = Window(messages=60, seconds=20)
FAST_TYPISTS = Limits(  # tests type faster than people may, and wait for no pause between notices
    replies_to_a_person=OFTEN, notices_to_a_person=OFTEN, group_by_second=OFTEN, group_by_minute=OFTEN
)
SHORT_TICK = timedelta(seconds=0.1)
PAGES = "http://127.0.0.1:8080"
# A screen that is the same already; the last poll when the bot ends, which ends the one under way; "typing", which only
# a slow machine shows, to a person who blocked the bot in the meantime.
HARMLESS = ("message is not modified", "terminated by other getUpdates request", "sendChatAction: Forbidden")


@dataclass(kw_only=True)
class Town:
    """A sandbox with a running bot: its people, and what the operator was told."""

    engine: Engine
    sandbox: Sandbox
    http: ClientSession
    public_url: str
    _stack: AsyncExitStack  # ends all that runs here, the newest first
    _gate: Gate | None
    site: Site | None
    announced: list[str] = field(default_factory=list)
    expected_refusals: list[str] = field(default_factory=lambda: [*HARMLESS])
    _people: dict[int, Person] = field(default_factory=dict)

    @property
    def owner(self) -> Person:
        """The person named in the settings as the owner."""
        return self.person(OWNER)

    @property
    def stranger(self) -> Person:
        """Somebody whom nobody let in."""
        return self.person(STRANGER)

    @property
    def gate(self) -> Gate:
        """What stands between the bot and the sandbox, in a town that was opened with one."""
        assert self._gate
        return self._gate

    async def visitor(self) -> Visitor:
        """Somebody new on the pages, which open with their first visitor."""
        if self.site is None:
            self.site = await self._stack.enter_async_context(open_site(self.engine, public_url=self.public_url))
        return self.site.visitor()

    async def outbox_has(self, state: str, number: int = 1) -> None:
        """Wait until so many messages of the outbox are in a state."""
        async with asyncio.timeout(PATIENCE):
            while (await self.engine.read(outbox.counts)).get(state, 0) < number:
                await asyncio.sleep(0.02)

    def refused(self) -> list[str]:
        """What Telegram's rules forbid and the bot tried all the same, apart from what the test expects."""
        refused = [f"{call.method}: {call.refusal}" for call in self.sandbox.calls if call.refusal]
        return [line for line in refused if not any(part in line for part in self.expected_refusals)]

    async def signs_up(self, office: Office, *emails: str) -> list[int]:
        """Let people sign up through a new profile; when this returns, the owner has heard of the first of them."""
        await self.owner.asks("/start")
        card = await office.profile()
        numbers = [(await office.sign_up(card.token, email)).user_id for email in emails or ("anna@example.com",)]
        await self.owner.reads("The first learner signed up")
        return numbers

    async def arrives(self, name: str) -> Person:
        """Let another person come to the sandbox."""
        async with self.http.post(
            f"{self.sandbox.url}/api/people", json={"name": name, "language_code": "en"}
        ) as response:
            return self.person((await response.json())["id"])

    def person(self, telegram_id: int) -> Person:
        """Somebody in the sandbox, always the same one, who knows what they did and read last."""
        if telegram_id not in self._people:
            self._people[telegram_id] = Person(self.http, self.sandbox.url, telegram_id)
        return self._people[telegram_id]


@asynccontextmanager
async def open_town(
    engine: Engine,
    *,
    owner_id: int | None = OWNER,
    public_url: str = PAGES,
    webhook: bool = False,
    limits: Limits = FAST_TYPISTS,
    mails_a_day: int | None = None,
    gated: bool = False,
) -> AsyncIterator[Town]:
    """Run the bot against a sandbox of its own, perhaps through a gate. No unexpected call may be refused.

    With a webhook the pages run, too, and the sandbox finds them as a proxy for their public address would.
    """
    async with AsyncExitStack() as stack:
        mode = {"bot_mode": "webhook"} if webhook else {}
        site = await stack.enter_async_context(open_site(engine, public_url=public_url, **mode)) if webhook else None
        routes = {public_url: site.address} if site else {}
        sandbox = Sandbox(port=0, owner_id=OWNER, webhook_routes=routes, webhook_delay=0.05)
        api_url, gate = await _opened(stack, sandbox, gated=gated)
        http = await stack.enter_async_context(ClientSession())
        town = Town(
            engine=engine, sandbox=sandbox, http=http, public_url=public_url, _stack=stack, _gate=gate, site=site
        )
        usual = _bot_settings(settings_of(public_url=public_url, **mode), api_url)
        settings = replace(usual, owner_telegram_id=owner_id, limits=limits, mails_a_day=mails_a_day)
        service = BotService(engine, settings, announce=town.announced.append)
        service.start()
        stack.push_async_callback(service.stop)
        yield town
    assert not (refused := town.refused()), refused


async def _opened(stack: AsyncExitStack, sandbox: Sandbox, *, gated: bool) -> tuple[str, Gate | None]:
    """Start the sandbox, and perhaps a gate to it; return the address at which a bot finds it."""
    await sandbox.start()
    stack.push_async_callback(sandbox.stop)
    if not gated:
        return sandbox.url, None
    gate = Gate(sandbox.url)
    address = await gate.start()
    stack.push_async_callback(gate.stop)
    return address, gate


def _bot_settings(settings: Settings, api_url: str) -> BotSettings:
    """Return what the bot needs to know of the program's settings."""
    return BotSettings(
        token=SANDBOX_TOKEN,
        api_url=api_url,
        public_url=settings.public_url,
        public=settings.is_public,
        secret_key=SECRET,
        owner_telegram_id=OWNER,
        webhook_url=settings.webhook_url,
        mail_lacks=settings.mail_lacks,
        webhook_secret=settings.webhook_secret_by(SECRET),
        tick=SHORT_TICK,
    )
