"""What `gangway check` finds out about the pages: whether people can open them."""

from core.check import Finding
from core.config import Settings


def check_address(settings: Settings) -> Finding:
    """Say who can open the pages. Only the sandbox works with an address that isn't public, or without https."""
    audience = "people can open it" if settings.is_public else "only this computer and its network can open it"
    if settings.bot_token and settings.is_public and not settings.is_secure:
        wrong = "isn't https, so passwords cross the network where others can read them"
        return Finding(ok=False, line=f"PUBLIC_URL: {settings.public_url}: {wrong}")
    ok = settings.is_public or settings.bot_token is None
    return Finding(ok=ok, line=f"PUBLIC_URL: {settings.public_url}: {audience}")
