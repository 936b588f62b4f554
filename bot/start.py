"""Starts the bot half: the service, the sandbox if there is no token, and the sender of e-mail."""

from collections.abc import Callable
from contextlib import AsyncExitStack

from bot.mailing.mail_sender import MailSender
from bot.mailing.smtp_server import MailSettings
from bot.sandbox import SANDBOX_TOKEN, Sandbox, StateUnusable
from bot.service import LOCALES, BotService, BotSettings
from core import holders, startup
from core.config import SANDBOX_OWNER, SANDBOX_STATE, InvalidSettings, Settings
from core.engine import Engine
from core.language import Languages
from core.security_log import SecurityEvent
from core.services import takeovers


async def start(
    stack: AsyncExitStack, engine: Engine, settings: Settings, key: str, *, announce: Callable[[str], None]
) -> list[str]:
    """Start all of it; return the addresses to print. `announce` tells the operator how to become the owner."""
    token, api_url = settings.bot_token, settings.bot_api_url
    owner_id, addresses = settings.owner_telegram_id or SANDBOX_OWNER, []
    if token is None:
        sandbox = await _start_sandbox(stack, settings, owner_id)
        api_url = sandbox.url
        engine.security_log.write(SecurityEvent.SANDBOX_STARTED)
        addresses.append(f"  Chat   {sandbox.url} (sandbox: there is no BOT_TOKEN). Choose the owner and press Start.")
    await engine.write(takeovers.release_ended, holders.has_ended)
    bot_settings = _bot_settings(settings, key, api_url, owner_id)
    service = BotService(engine, bot_settings, announce=announce if token else lambda _how: None)
    stack.push_async_callback(service.stop)
    service.start()
    if settings.smtp_url is not None and settings.mail_from is not None:
        mail = MailSettings(url=settings.smtp_url.get_secret_value(), sender=settings.mail_from)
        sender = MailSender(engine, Languages(LOCALES), mail, settings.public_url)
        stack.push_async_callback(sender.stop)
        sender.start()
    return addresses


def _bot_settings(settings: Settings, key: str, api_url: str, sandbox_owner: int) -> BotSettings:
    """Return what the bot needs to know; without a token it talks to the sandbox, in which somebody is the owner."""
    token = settings.bot_token
    return BotSettings(
        token=token.get_secret_value() if token else SANDBOX_TOKEN,
        api_url=api_url,
        public_url=settings.public_url,
        public=settings.is_public,
        secret_key=key,
        owner_telegram_id=settings.owner_telegram_id if token else sandbox_owner,
        mini_app=settings.mini_app_url,
        webhook_url=settings.webhook_url,
        mails_a_day=settings.link_mails_a_day if settings.sends_mail else None,
        mail_lacks=settings.mail_lacks,
        webhook_secret=settings.webhook_secret_by(key),
    )


async def _start_sandbox(stack: AsyncExitStack, settings: Settings, owner_id: int) -> Sandbox:
    """Start the stand-in for Telegram. Raises InvalidSettings if its port or its file can't be used."""
    sandbox = Sandbox(
        port=settings.sandbox_port, owner_id=owner_id, state_file=SANDBOX_STATE, mini_app=settings.mini_app_url
    )
    try:
        with startup.port_errors("SANDBOX_PORT", "SANDBOX_PORT", settings.sandbox_port):
            await sandbox.start()
    except StateUnusable as error:
        raise InvalidSettings([str(error)]) from None
    stack.push_async_callback(sandbox.stop)
    return sandbox
