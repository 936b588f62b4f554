"""/card: the card of a profile is kept in a group, with its places left; and the screen that lists where it is."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import number
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.live_card import live_card
from bot.screens.screen import LONGEST_LABEL, CardShown, Screen, rows, tap
from bot.wording.group_digests import group_title
from bot.wording.lists import more
from bot.wording.phrases import N_
from bot.wording.text import address, isolate, lines, shortened
from core.domain.access import Permission
from core.errors import Refusal
from core.services import live_cards
from core.services.group_digests import Group
from core.services.live_cards import InGroup

MOST_SHOWN = 5
CODE = "card-"  # before a profile's number, behind `?startgroup=`


async def card(context: Context, text: str) -> Screen:
    """Put the card of a profile into the group; in the private chat, show in which groups it is."""
    profile_id = number(text)
    if context.group is None:
        return await listing(context, profile_id)
    try:
        return await _post(context, context.group, profile_id)
    except Refusal:  # the reason is not for the group to read
        return elsewhere(context)


def elsewhere(context: Context) -> Screen:
    """Lead from a group to the private chat."""
    link = address(f"https://t.me/{context.bot_name}")
    return Screen(text=context.words.say("Ask me this in our private chat: {link}", link=link))


async def listing(context: Context, profile_id: int) -> Screen:
    """Show in which groups the card of a profile is, each with a button to take it out, and how to add one."""
    name, found = await context.read(live_cards.in_groups, context.actor_id, profile_id)
    say = context.words.say
    return Screen(
        text=lines(
            Markup("<b>{}</b> (#{})").format(isolate(name), profile_id),
            say("In a group, its card shows the link and the places left, and follows each change within a minute."),
            say("Everyone in the group reads it. There, {line} moves it to the end.", line=_line(context, profile_id)),
            *([""] if found else []),
            *(_group(context, each) for each in found[:MOST_SHOWN]),
            *more(context.words, len(found) - MOST_SHOWN),
        ),
        rows=rows(
            [_adding(context, profile_id)],
            *([_stopping(context, each)] for each in found[:MOST_SHOWN]),
            [tap(say("‹ Profile"), "profile", profile_id)],
        ),
    )


async def stop(context: Context, card_id: int) -> Screen:
    """Take a card out of its group."""
    profile_id = await context.write(live_cards.stop, context.actor_id, card_id, context.now)
    say = context.words.say
    return Screen(
        text=say("The card is taken out of the group: within a minute, it says so there."),
        rows=rows([tap(say("‹ Back"), "live-cards", profile_id)]),
    )


async def _post(context: Context, group: Group, profile_id: int) -> Screen:
    language = context.words.language.code
    posted = await context.write(live_cards.post, context.actor_id, profile_id, group, language, context.now)
    screen = live_card(context.words, posted.face, context.link(posted.face.token), public=context.is_public)
    return Screen(
        text=screen.text, rows=screen.rows, card=CardShown(card_id=posted.card_id, instead_of=posted.instead_of)
    )


def _line(context: Context, profile_id: int) -> Markup:
    return context.words.line(f"/card {profile_id}")


def _group(context: Context, found: InGroup) -> Markup:
    title = group_title(context.words, found.title)
    return Markup("· {}, {}").format(title, context.words.moment(found.since))


def _adding(context: Context, profile_id: int) -> InlineKeyboardButton:
    """Return the button by which Telegram lets a person choose a group of theirs (Bot API, deep links)."""
    link = f"https://t.me/{context.bot_name}?startgroup={CODE}{profile_id}"
    return InlineKeyboardButton(context.words.say("➕ Add to a group").unescape(), url=link, style="primary")


def _stopping(context: Context, found: InGroup) -> InlineKeyboardButton:
    label = context.words.say("Take out of {group}", group=found.title or f"#{found.card_id}").unescape()
    return tap(shortened(label, LONGEST_LABEL), "live-card-stop!", found.card_id, style="danger")


COMMANDS = (
    Command(
        name="card",
        handler=card,
        summary=N_("Keep a profile's card in a group, always up to date"),
        guided=(Part(N_("profile"), of=Choice.PROFILE),),
        examples=("/card 1",),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        rank=1,
        by_profile_number=True,
        in_groups=True,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "live-cards": by_number(listing),
    "live-card-stop!": by_number(stop),
}
