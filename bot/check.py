"""What `gangway check` finds out about the bot: whether Telegram accepts its token, and whether e-mail can be sent."""

from datetime import timedelta

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.mailing.smtp_server import MailServerAway, MailSettings, SmtpServer
from bot.sending.http_client import http_client
from core import logs
from core.check import Finding, check_clock
from core.config import Settings

UNKNOWN_TOKEN = "BOT_TOKEN: Telegram does not accept this token; @BotFather shows the right one"  # noqa: S105 - a sentence


async def check_telegram(settings: Settings) -> list[Finding]:
    """Ask Telegram whose token it is, and what the time is."""
    if settings.bot_token is None:
        return [Finding(ok=True, line="BOT_TOKEN: empty, so the sandbox runs instead of Telegram")]
    if settings.shows_bot_token:  # and the check doesn't show it, either
        wrong = "isn't https, so the bot's token crosses the network where others can read it"
        return [Finding(ok=False, line=f"BOT_API_URL: {wrong}")]
    try:
        username, ahead = await _ask(settings.bot_token.get_secret_value(), settings.bot_api_url)
    except InvalidToken:
        return [Finding(ok=False, line=UNKNOWN_TOKEN)]
    except TelegramError as error:
        return [Finding(ok=False, line=f"BOT_API_URL: Telegram can't be reached: {logs.redact(error.message)}")]
    return [Finding(ok=True, line=f"BOT_TOKEN: belongs to @{username}"), *check_clock(ahead, "Telegram's")]


async def check_mail(settings: Settings) -> Finding:
    """Say whether e-mail can be sent: connect to the mail server, and log in."""
    if settings.smtp_url is None:
        return Finding(ok=True, line="SMTP_URL: empty, so nothing is sent by e-mail")
    if settings.mail_from is None:
        return Finding(ok=False, line="MAIL_FROM: empty, so nothing is sent by e-mail; write the sender's address")
    try:
        async with SmtpServer(MailSettings(url=settings.smtp_url.get_secret_value(), sender=settings.mail_from)):
            return Finding(ok=True, line="SMTP_URL: the mail server can be reached")
    except MailServerAway as away:
        return Finding(ok=False, line=f"SMTP_URL: the mail server can't be used: {away}")


async def fetch_username(token: str, api_url: str) -> str:
    """Return the bot's username. Raises TelegramError; InvalidToken if Telegram doesn't accept the token."""
    username, _ = await _ask(token, api_url)
    return username


async def _ask(token: str, api_url: str) -> tuple[str, timedelta | None]:
    """Return the bot's username, and how far this machine's clock is ahead of Telegram's (HTTP's `Date`)."""
    api, client = f"{api_url}/bot", http_client()
    async with Bot(token, base_url=api, request=client, get_updates_request=http_client()) as telegram:
        return telegram.username, client.clock_difference
