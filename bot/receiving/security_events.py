"""What the chat reports to the security log: users by number, others by a keyed hash of their number in Telegram."""

from bot.context import Context
from core.engine import Engine
from core.errors import InvalidInvitation, NotAllowed, Refusal, TooManyAttempts
from core.security_log import Reason, SecurityEvent, hashed_client

REPORTED = {
    NotAllowed: SecurityEvent.PERMISSION_REFUSED,
    InvalidInvitation: SecurityEvent.CODE_REFUSED,
    TooManyAttempts: SecurityEvent.LIMIT_HIT,
}


def report_refusal(context: Context, refused: Refusal, route: str) -> None:
    """Report a refusal that may tell of an attack; `route` is the name of a command or of a button."""
    if (event := REPORTED.get(type(refused))) is not None:
        context.engine.security_log.write(event, user=context.actor_id, route=route)


def report_stranger(engine: Engine, secret_key: str, telegram_id: int) -> None:
    """Report that a person without access wrote or tapped."""
    engine.security_log.write(
        SecurityEvent.PERMISSION_REFUSED, client=_hashed(secret_key, telegram_id), reason=Reason.STRANGER
    )


def report_code(engine: Engine, secret_key: str, telegram_id: int, code: str) -> None:
    """Report that a person without access opened a link whose code is unknown, used or expired, if there is one."""
    if code:
        engine.security_log.write(SecurityEvent.CODE_REFUSED, client=_hashed(secret_key, telegram_id), route="start")


def _hashed(secret_key: str, telegram_id: int) -> str:
    return hashed_client(secret_key, f"telegram {telegram_id}")
