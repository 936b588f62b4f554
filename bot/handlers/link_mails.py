"""/send: a profile's link by e-mail, to whom it was sent, and what became of each message."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import list_questions
from bot.handlers.profiles import changeable
from bot.handlers.roster_links import profile_of
from bot.handlers.rosters import choose, for_named
from bot.input.arguments import StaleButton
from bot.input.link_targets import LinkTarget, read_page
from bot.menu.buttons import ButtonHandler, of_link, of_roster, of_seen_link
from bot.screens.link_cures import curing_row
from bot.screens.lists import LONGEST_ENTRY, ticked
from bot.screens.screen import Rows, Screen, copy_all, rows, tap
from bot.screens.sharing import invitation, sharing
from bot.wording import link_mails as wording
from bot.wording.addresses import mail
from bot.wording.left_out import number_left_out
from bot.wording.phrases import N_
from bot.wording.refusals import refusal
from bot.wording.reports import hidden_number
from bot.wording.roster_lists import how_to_send
from bot.wording.text import isolate, lines, shortened
from core.domain.addresses import told_apart
from core.domain.link_mails import Listed
from core.domain.rosters import RosterOf
from core.errors import LinkLeadsElsewhere, NoMailServer
from core.services import link_mails
from core.services.link_letters import SENDABLE
from core.services.link_mails import LinkMails, Recipient, Recipients, Sending
from core.services.questions import About

LISTED = (Listed.NOT_COME, Listed.REFUSED, Listed.SIGNED_UP)  # a button carries the place of one
LABELS: Mapping[Listed, str] = {
    Listed.NOT_COME: N_("Who hasn't signed up"),
    Listed.REFUSED: N_("Only undelivered ones"),
    Listed.SIGNED_UP: N_("Who has signed up"),
}
NOBODY: Mapping[Listed, str] = {
    Listed.NOT_COME: N_("Nobody who hasn't signed up."),
    Listed.REFUSED: N_("Nobody who couldn't be reached."),
    Listed.SIGNED_UP: N_("Nobody of them has signed up."),
}


async def send(context: Context, text: str) -> Screen:
    """Ask to whom to send the link of the profile that a text names; if it is empty, of which profile."""
    return await for_named(context, text, ("send",), ask_through) if text else await choose(context, "send")


async def ask_through(context: Context, of: RosterOf, through: int = 0) -> Screen:
    """Ask to whom to send the link of a profile; of a department, ask which one if several lead there.

    `through`: the profile with whose link people of the roster were written to, whose screen led here.
    """
    if through:
        return await ask(context, LinkTarget(profile_id=through, of=of))
    chosen = await profile_of(context, of, "send", carried=())
    return chosen if isinstance(chosen, Screen) else await ask(context, LinkTarget(profile_id=chosen))


async def ask(context: Context, link: LinkTarget) -> Screen:
    """Show what became of a profile's link sent by e-mail, and ask for a list."""
    if not context.can_mail:
        return await without_server(context, link.profile_id)
    return await shown(context, await read_as_far_as_it_leads(context, link))


async def read_as_far_as_it_leads(context: Context, link: LinkTarget) -> LinkMails:
    """Read what became of a link sent by e-mail; of the profile's if it leads to the roster no longer."""
    try:
        return await read(context, link)
    except LinkLeadsElsewhere:
        return await read(context, LinkTarget(profile_id=link.profile_id))


async def read(context: Context, link: LinkTarget) -> LinkMails:
    """Read what became of a link sent by e-mail. Raises LinkLeadsElsewhere if it leads to the roster no longer."""
    return await context.read(link_mails.show, context.actor_id, link.profile_id, context.now, of=link.of)


async def shown(context: Context, found: LinkMails, *, toast: Markup | None = None) -> Screen:
    """Show how many recipients are at each step, and ask for a list."""
    say = context.words.say
    await list_questions.expect(context, About.LINK_MAIL, RosterOf(profile_id=found.profile_id))
    how = how_to_send(context.words)
    title = (
        Markup("<b>{}</b> · {}").format(isolate(found.profile_name), say("the link by email"))
        if found.recipients
        else say("{name}: to whom shall I send the link?", name=found.profile_name)
    )
    return Screen(
        text=lines(
            title,
            *wording.counted(context.words, found, can_mail=context.can_mail),
            "",
            wording.closed(context.words, found.state),
            how,
            wording.nothing_yet(context.words),
        ),
        rows=_buttons(context, found),
        toast=toast,
    )


def _buttons(context: Context, found: LinkMails) -> Rows:
    say, profile_id, link = context.words.say, found.profile_id, link_of(found)
    return rows(
        curing(context, found, "send"),
        [tap(say("To who's missing · {number}", number=found.missing), "sendmissing", *link.arguments)]
        if found.missing
        else [],
        [tap(say("Refresh"), "send", *link.arguments), _to_addresses(say("Addresses"), link)]
        if found.recipients
        else [],
        [tap(_again(context, found), "sendagain", *link.arguments)] if found.resendable or found.left_out else [],
        [tap(_withdrawing(context, found), "sendstop", *link.arguments, style="danger")] if found.withdrawable else [],
        [tap(say("‹ Profile"), "profile", profile_id)],
    )


def _again(context: Context, found: LinkMails) -> Markup:
    if found.only_resendable:
        return context.words.say("Send again: {name}", name=_short(found.only_resendable))
    number = found.resendable + number_left_out(found.left_out)
    if found.of is not None:
        return context.words.say("Send again to the list · {number}", number=number)
    return context.words.say("Send again · {number}", number=number)


def _withdrawing(context: Context, found: LinkMails) -> Markup:
    if found.only_withdrawable:
        return context.words.say("Withdraw: {name}", name=_short(found.only_withdrawable))
    return context.words.say("Withdraw · {number}", number=found.withdrawable)


def _short(name: str) -> Markup:
    """Return a name or an address as a button has room for it, where nothing becomes a link."""
    return Markup.escape(shortened(told_apart(name) if "@" in name else name, LONGEST_ENTRY))


def link_of(found: LinkMails) -> LinkTarget:
    """Return which link a screen is about."""
    return LinkTarget(profile_id=found.profile_id, of=found.of)


def curing(context: Context, found: LinkMails, verb: str) -> list[InlineKeyboardButton]:
    """Return what opens the link, if it is closed, and leads back to a screen of the link."""
    state = None if found.state in SENDABLE else found.state
    return curing_row(context, state, found.profile_id, verb, *link_of(found).arguments)


async def without_server(context: Context, profile_id: int) -> Screen:
    """Say why no e-mail can be sent, and what to forward instead. Raises ProfileReadOnly."""
    card = await changeable(context, profile_id)
    found = await context.read(link_mails.show, context.actor_id, profile_id, context.now)
    say, link = context.words.say, context.link(card.token)
    to_forward = lines(invitation(context.words_of(card.organisation), card), link)
    return Screen(
        text=lines(
            refusal(context.words, NoMailServer()),
            *wording.counted(context.words, found, can_mail=False),
            say("Until then, forward this text, or show the QR code:"),
            "",
            to_forward,
        ),
        rows=rows(
            [copy_all(say("Copy the text"), to_forward)],
            [sharing(say("Share"), context, card, link), tap(say("QR"), "qr", card.profile_id)],
            [_to_addresses(say("Addresses"), link_of(found))] if found.recipients else [],
            [tap(say("‹ Profile"), "profile", card.profile_id)],
        ),
    )


async def addresses(context: Context, data: str) -> Screen:
    """Show a page of the recipients, from `link:place:after:before`.

    The place is one of LISTED, `before` so many stand on earlier pages. The link's roster is that of the way back.
    """
    link, place, after, before = read_page(data)
    if place >= len(LISTED):
        raise StaleButton
    which, say = LISTED[place], context.words.say
    found = await context.read(link_mails.recipients, context.actor_id, link.profile_id, which=which, after=after)
    nobody = None if found.people or found.hidden else say(NOBODY[which])
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(isolate(found.profile_name)),
            *(_person(context, place, each) for place, each in enumerate(found.people, before + 1)),
            nobody,
            hidden_number(context.words, found.hidden) if found.hidden else None,
            wording.cure(context.words, found.people),
        ),
        rows=_address_buttons(context, found, link, place, after, before),
    )


def _person(context: Context, place: int, person: Recipient) -> Markup:
    named = (
        [isolate(person.name), mail(context.words, person.email)]
        if person.name
        else [mail(context.words, person.email)]
    )
    return Markup("{}. {} · {}").format(
        place, Markup(", ").join(named), wording.became(context.words, person, can_mail=context.can_mail)
    )


def _address_buttons(
    context: Context, found: Recipients, link: LinkTarget, place: int, after: int, before: int
) -> Rows:
    say = context.words.say
    first = [_to_addresses(say("« First"), link, place)] if after else []
    more = [_to_addresses(say("More ›"), link, place, found.last, before + len(found.people))] if found.last else []
    others = (
        [_to_addresses(ticked(say(label), on=number == place), link, number)]
        for number, label in enumerate(LABELS[which] for which in LISTED)
    )
    return rows(first + more, *others, [tap(say("‹ Back"), "send", *link.arguments)])


def _to_addresses(
    label: Markup | str, link: LinkTarget, place: int = 0, after: int = 0, before: int = 0
) -> InlineKeyboardButton:
    return tap(label, "sendlist", *link.arguments, place, after, before)


def sending(context: Context, *, personal: bool = False) -> Sending:
    """Say how a person's messages with links are sent."""
    return Sending(most=context.addresses.mails_a_day, language=context.words.language.code, personal=personal)


async def ask_to_withdraw(context: Context, link: LinkTarget) -> Screen:
    """Ask whether to withdraw a link from all who haven't signed up."""
    found, say = await read_as_far_as_it_leads(context, link), context.words.say
    arguments = link_of(found).arguments
    question = context.words.count(
        "Withdraw the link of {name} from {number} person who hasn't signed up?",
        "Withdraw the link of {name} from {number} people who haven't signed up?",
        found.withdrawable,
        name=found.profile_name,
    )
    effect = say("What is still queued is not sent, and personal links end. The profile's own link goes on working.")
    return Screen(
        text=lines(question, effect),
        rows=rows(
            [tap(say("‹ Back"), "send", *arguments)],
            [tap(say("Withdraw"), "sendstopped", *arguments, found.seen_withdrawable, style="danger")],
        ),
    )


async def withdraw(context: Context, link: LinkTarget, seen: str) -> Screen:
    """Withdraw a link from all who haven't signed up."""
    await context.write(link_mails.withdraw, context.actor_id, link.profile_id, context.now, seen=seen)
    return await shown(context, await read_as_far_as_it_leads(context, link), toast=context.words.say("Withdrawn."))


BUTTONS: Mapping[str, ButtonHandler] = {
    "send": of_roster(ask_through, at_most=1),
    "sendlist": addresses,
    "sendstop": of_link(ask_to_withdraw),
    "sendstopped": of_seen_link(withdraw),
}
