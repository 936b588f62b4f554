"""What people send without a command, and what it leads to: a link, a card's number, addresses, a contact, a reply."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import Contact, InlineKeyboardButton

from bot.context import Context
from bot.handlers import guides, pasted_people, person_form, profile_links, profiles
from bot.handlers.person import card as person_card
from bot.screens.profile_card import profile_screen
from bot.screens.screen import LONGEST_LABEL, Screen, rows, tap, to_home
from bot.screens.searches import REFERENCE
from bot.wording.addresses import mail
from bot.wording.text import lines, shortened
from core.domain.access import Permission
from core.domain.links import LinkState
from core.errors import NotAllowed, UserNotFound
from core.services import people
from core.services import profile_links as links

MOST_ADDRESSES = 6
LONGEST_CARRIED = 64 - len(f"{person_form.NEW}:")  # bytes of what a button carries (Bot API, InlineKeyboardButton)
GONE = frozenset({LinkState.REMOVED, LinkState.REPLACED, LinkState.WITHDRAWN, LinkState.USED})


async def link(context: Context, token: str) -> Screen:
    """Show the card of a pasted link with what became of the link; without the rights, say where to open it."""
    if not guides.find(context, "check").is_for(context.person.permissions):
        return Screen(text=context.words.say("Open a sign-up link in a browser: its form is there."))
    found = await context.read(links.check, context.actor_id, token, "", context.now)
    if found.state in GONE:
        return await profile_links.check(context, token)
    say = context.words.say
    label = say("Label: {label}", label=found.label) if found.label else None
    return profile_screen(context, found.card, *filter(None, (_verdict(context, found), label)))


def _verdict(context: Context, found: links.Checked) -> Markup:
    if found.state is LinkState.OPEN:
        until = context.words.clock(found.card.window.ends_at)
        return context.words.say("The link works now, and until {until}.", until=until)
    return profile_links.verdict(context, found)


async def number(context: Context, profile_id: int) -> Screen:
    """Show the card with a number."""
    return await profiles.show(context, str(profile_id))


async def of_addresses(context: Context, found: Sequence[str]) -> Screen:
    """Show the person with an address; of several, say who is here, and what can be done with the rest."""
    if Permission.MANAGE_PEOPLE not in context.person.permissions:
        raise NotAllowed
    known = {address: await _user_id(context, address) for address in found[:MOST_ADDRESSES]}
    here = {address: user_id for address, user_id in known.items() if user_id is not None}
    if len(found) == 1 and here:
        return await person_card(context, here[found[0]])
    say, count = context.words.say, context.words.count
    missing = [address for address in known if address not in here]
    return Screen(
        text=lines(
            count("{number} address", "{number} addresses", len(found)),
            *(say("{email} is not among your people", email=mail(context.words, address)) for address in missing),
            count("… and {number} more", "… and {number} more", more) if (more := len(found) - len(known)) else None,
        ),
        rows=rows(
            *([tap(shortened(address, LONGEST_LABEL), "person", user_id)] for address, user_id in here.items()),
            *([_adding(address)] for address in missing),
            await _together(context, found),
            [to_home(context.words)],
        ),
    )


async def _together(context: Context, found: Sequence[str]) -> list[InlineKeyboardButton]:
    """Return the buttons that say what to do with several people at once."""
    if len(found) == 1 or Permission.MANAGE_PROFILES not in context.person.permissions:
        return []
    return await pasted_people.keep(context, "\n".join(found))


def _adding(address: str) -> InlineKeyboardButton:
    """Return the button that opens the form of a new person with their address, or empty if it is too long to carry."""
    carried = len(address.encode()) <= LONGEST_CARRIED and not address.startswith(REFERENCE)
    return tap(shortened(f"➕ {address}", LONGEST_LABEL), person_form.NEW, address if carried else "")


async def _user_id(context: Context, address: str) -> int | None:
    try:
        return await context.read(people.find, context.actor_id, address)
    except UserNotFound:
        return None


async def contact(context: Context, shared: Contact) -> Screen:
    """Open the form of a new person with the name and the phone number of a shared contact."""
    if Permission.MANAGE_PEOPLE not in context.person.permissions:
        raise NotAllowed
    known = {
        "first_name": shared.first_name,
        "last_name": shared.last_name or "",
        "phone": f"+{shared.phone_number.lstrip('+')}",
    }
    return await person_form.open_with(context, {name: value for name, value in known.items() if value})


async def number_of(context: Context, token: str) -> int:
    """Return the number of the profile whose card has a link. Raises UnknownLink."""
    return (await context.read(links.check, context.actor_id, token, "", context.now)).card.profile_id
