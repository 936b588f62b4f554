"""The bot's requests to Telegram carry its token: they are never led elsewhere."""

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import TelegramError

from bot.sandbox import SANDBOX_TOKEN
from bot.sending.http_client import http_client


async def test_a_redirect_is_not_followed() -> None:
    asked: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", redirect)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    clients = http_client(), http_client()
    bot = Bot(SANDBOX_TOKEN, base_url=f"http://{host}:{port}/bot", request=clients[0], get_updates_request=clients[1])
    for client in clients:
        await client.initialize()
    try:
        with pytest.raises(TelegramError):
            await bot.get_me()
    finally:
        for client in clients:
            await client.shutdown()
        await runner.cleanup()
    assert asked == [f"/bot{SANDBOX_TOKEN}/getMe"]
