"""Messages that confirm an address, as their recipient finds them, without a mail server."""

from core.engine import Engine
from core.services import confirmations
from core.services.confirmations import Mailed


async def mailed(engine: Engine, user_id: int, address: str = "anna@example.com") -> Mailed:
    """Let the message be sent that confirms an address, and return what it brings."""
    brought = await engine.write(confirmations.mailed, user_id, address, engine.now())
    assert brought is not None
    return brought
