"""The links of a profile under their labels: listed with what came of each, shown one by one, added, renamed."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers import guides
from bot.input.arguments import StaleButton, fields, is_number, number
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.lists import LONGEST_ENTRY, turning
from bot.screens.screen import Rows, Screen, copy, rows, tap
from bot.screens.sharing import sharing
from bot.wording.phrases import N_, Words
from bot.wording.text import isolate, lines, shortened
from core.domain.access import Permission
from core.errors import NotAllowed, PreviewOutdated
from core.services import profile_links
from core.services.profile_links import CountedLink, Listing
from core.services.profiles import Card

A_PAGE = 5


async def listing(context: Context, profile_id: int, page: int = 0) -> Screen:
    """List a profile's links, a button each, with how many tried them and how many completed."""
    found = await context.read(profile_links.listing, context.actor_id, profile_id, context.now)
    say, pages = context.words.say, -(-len(found.links) // A_PAGE)
    page = min(page, pages - 1)
    shown = found.links[page * A_PAGE : (page + 1) * A_PAGE]
    return Screen(
        text=lines(
            Markup("<b>{}</b> (#{})").format(isolate(found.card.name), profile_id),
            say("All its links share one limit. The history shows who used which."),
            "",
            *(
                Markup("{}: {}").format(isolate(_name(context.words, each).unescape()), _counts(context.words, each))
                for each in shown
            ),
            "",
            say("Tried: forms that were sent, also those that failed. Opening a link isn't counted."),
        ),
        rows=rows(
            *(
                [tap(shortened(_name(context.words, each).unescape(), LONGEST_ENTRY), "link", profile_id, each.token)]
                for each in shown
            ),
            turning(lambda label, wanted: tap(label, "links", profile_id, wanted), page, pages),
            [tap(say("➕ Add a link"), "link-add", profile_id, style="success")],
            [tap(say("‹ Profile"), "profile", profile_id)],
        ),
    )


async def show(context: Context, data: str) -> Screen:
    """Show one link of a profile: where it leads, what came of it, and what can be done with it."""
    found, link = await _find(context, data)
    return _one(context, found.card, link)


async def ask_for_label(context: Context, profile_id: int) -> Screen:
    """Ask for the label of another link."""
    command = _allowed(context, "addlink")
    found = await context.read(profile_links.listing, context.actor_id, profile_id, context.now)
    guide = guides.beginning(command, str(profile_id), names=[found.card.name], origin=f"links:{profile_id}")
    return await guides.ask(context, guide)


async def ask_for_name(context: Context, data: str) -> Screen:
    """Ask for another label of a link."""
    command, (found, link) = _allowed(context, "renamelink"), await _find(context, data)
    number = found.card.profile_id
    guide = guides.beginning(
        command, str(number), link.label, names=[found.card.name, link.label], origin=f"link:{number}:{link.token}"
    )
    return await guides.ask(context, guide)


async def add(context: Context, text: str) -> Screen:
    """Add a link to a profile from `ID | label`, and show it."""
    profile_id, label = fields(text, 2, 2)
    found = await context.write(profile_links.add, context.actor_id, number(profile_id), label, context.now)
    return _one(
        context, found.card, found.link, context.words.say("Added a link with the label “{label}”.", label=label)
    )


async def rename(context: Context, text: str) -> Screen:
    """Give a link another label from `ID | label | new label`, and show it."""
    profile_id, label, new = fields(text, 3, 3)
    found = await context.write(profile_links.rename, context.actor_id, number(profile_id), label, new, context.now)
    return _one(
        context, found.card, found.link, context.words.say("Its label is “{label}” now.", label=found.link.label)
    )


def _one(context: Context, card: Card, link: CountedLink, *notes: Markup) -> Screen:
    address = context.link(link.token)
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(isolate(_name(context.words, link).unescape())),
            Markup("{} (#{})").format(isolate(card.name), card.profile_id),
            address,
            _counts(context.words, link),
            *(("", *notes) if notes else ()),
        ),
        rows=_buttons(context, card, link, address),
    )


def _buttons(context: Context, card: Card, link: CountedLink, address: str) -> Rows:
    say, here = context.words.say, (card.profile_id, link.token)
    return rows(
        [sharing(say("Share"), context, card, address, style="primary"), copy(say("Copy link"), address)],
        [tap(say("QR"), "qr", *here), tap(say("Rename"), "link-name", *here) if link.label else None],
        [tap(say("Replace link"), "relink", *here)],
        [tap(say("‹ Back"), "links", card.profile_id)],
    )


def _name(words: Words, link: CountedLink) -> Markup:
    return Markup.escape(link.label) if link.label else words.say("Main link")


def _counts(words: Words, link: CountedLink) -> Markup:
    return words.say("tried {tried} · completed {completed}", tried=link.tried, completed=link.completed)


def _allowed(context: Context, name: str) -> Command:
    """Return a command that the person may use. Raises NotAllowed."""
    command = guides.find(context, name)
    if not command.is_for(context.person.permissions):
        raise NotAllowed
    return command


async def _find(context: Context, data: str) -> tuple[Listing, CountedLink]:
    """Find the link of `profile:token`. Raises StaleButton, and PreviewOutdated if the link is gone."""
    profile_id, _, token = data.partition(":")
    if not is_number(profile_id):
        raise StaleButton
    found = await context.read(profile_links.listing, context.actor_id, int(profile_id), context.now)
    for link in found.links:
        if link.token == token:
            return found, link
    raise PreviewOutdated


COMMANDS = (
    Command(
        name="addlink",
        handler=add,
        summary=N_("Add another link with a label to a profile"),
        parts=(Part(N_("profile number"), of=Choice.PROFILE), Part(N_("link label"))),
        examples=("/addlink 1 | Riga office",),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        rank=1,
        by_profile_number=True,
    ),
    Command(
        name="renamelink",
        handler=rename,
        summary=N_("Rename the label of a link"),
        parts=(Part(N_("profile number"), of=Choice.LABELLED_LINK), Part(N_("link label")), Part(N_("new label"))),
        examples=("/renamelink 1 | Riga office | Riga",),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        rank=1,
        by_profile_number=True,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "links": by_numbers(listing, at_most=2),
    "link": show,
    "link-add": by_number(ask_for_label),
    "link-name": ask_for_name,
}
