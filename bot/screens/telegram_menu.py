"""What Telegram itself shows of the bot: six commands in its menu, and what stands above Start, in each language."""

from dataclasses import dataclass

from telegram import BotCommand

from bot.wording.phrases import N_, Words
from core.domain.access import Permission


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A command of the menu, by one of its names: what the menu says of it, and who may use it (None: everybody)."""

    name: str
    description: str
    permission: Permission | None = None


MENU = (
    Offered(name="menu", description=N_("How sign-up goes, and what to do next")),
    Offered(name="new", description=N_("New sign-up link"), permission=Permission.MANAGE_PROFILES),
    Offered(name="links", description=N_("Your sign-up links"), permission=Permission.MANAGE_PROFILES),
    Offered(name="people", description=N_("Find or add people"), permission=Permission.MANAGE_PEOPLE),
    Offered(name="report", description=N_("Who joined, in numbers"), permission=Permission.MANAGE_PROFILES),
    Offered(name="help", description=N_("All that you can do here")),
)
DESCRIPTION = N_(
    "Sign-up links for your organisation: create one, share it, and see who joined.\n\n"
    "For invited people only. Learners open their sign-up link in a browser."
)
SHORT_DESCRIPTION = N_("Sign-up links for your organisation. For invited people.")


def menu(words: Words, permissions: frozenset[Permission]) -> list[BotCommand]:
    """Return the menu of a person with these permissions; all other commands still work when they are typed."""
    offered = (each for each in MENU if each.permission is None or each.permission in permissions)
    return [BotCommand(each.name, words.say(each.description).unescape()) for each in offered]
