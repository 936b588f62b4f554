"""Lists of people to send a profile's link to: pasted, sent as a file, or those of the roster who are missing.

Nothing is sent before a preview says what and to whom; each tap reads the list anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context, FileUnavailable
from bot.handlers import list_questions, received_lists
from bot.handlers.link_mails import read_as_far_as_it_leads, sending, shown, without_server
from bot.handlers.link_mails import send as send_link
from bot.handlers.received_lists import UNREADABLE, ask_again, asked_again, unavailable
from bot.handlers.roster_links import profile_of
from bot.handlers.rosters import for_named
from bot.input.arguments import StaleButton, is_number
from bot.input.link_targets import LinkTarget
from bot.input.roster_targets import read_roster, roster_target
from bot.menu.buttons import ButtonHandler, by_number, of_roster
from bot.menu.command import Command, Subject
from bot.screens.left_out import to_left_out, to_lists
from bot.screens.link_cures import curing_row
from bot.screens.screen import Rows, Screen, rows, tap
from bot.wording.left_out import described, refusing
from bot.wording.link_letters import Url, link_letter, subject_with
from bot.wording.link_mails import obstacle
from bot.wording.phrases import N_, Words
from bot.wording.roster_lists import held, title, written_to
from bot.wording.text import isolate, lines
from core.domain.access import Permission
from core.domain.left_out import LeftOut, PeopleLeftOut
from core.domain.rosters import RosterOf
from core.rosters.people_lists import PeopleList
from core.services import awaited_lists, link_mail_lists
from core.services.awaited_lists import Awaited
from core.services.link_letters import SENDABLE
from core.services.link_mail_lists import Preview
from core.services.questions import About

HIDDEN = "…"  # in place of the tokens of personal links, which only their recipients see
MISSING = "missing"  # in place of a text or a file: whose people who haven't come


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the buttons of a preview carry: the column of the addresses (from 1, 0: as found), and three switches."""

    email: int = 0
    personal: int = 0
    suspended: int = 0
    swapped: int = 0

    @property
    def arguments(self) -> tuple[int, int, int, int]:
        """The numbers in a button's data."""
        return self.email, self.personal, self.suspended, self.swapped


async def received(context: Context, text: str, *, later: bool) -> Screen | None:
    """Preview a list that was asked for: a file, or a text that names a person; None for anything else.

    `later`: although something else came in between.
    """
    waiting = await list_questions.awaited(context, About.LINK_MAIL, later=later)
    return None if waiting is None else await answered(context, text, waiting)


async def answered(context: Context, text: str, waiting: Awaited) -> Screen | None:
    """Preview a list that was asked for, a file or a text; None if a text names nobody."""
    try:
        taken = await received_lists.take(context, About.LINK_MAIL, text, waiting)
    except UNREADABLE as refused:
        return asked_again(context, refused, await _question(context, waiting))
    except FileUnavailable:
        return unavailable(context, waiting.of)
    return None if taken is None else await first_shown(context, *taken)


async def first_shown(context: Context, kept: Awaited, found: PeopleList) -> Screen:
    """Preview a list that has just come."""
    return await _preview(context, kept, found, Choices())


async def again(context: Context, text: str) -> Screen | None:
    """Ask for the list again after a text that names nobody; None if none was asked for just before."""
    return await ask_again(context, About.LINK_MAIL, text, _question)


async def _question(context: Context, waiting: Awaited) -> Screen:
    return await shown(context, await read_as_far_as_it_leads(context, _link(waiting)))


async def send_to_file(context: Context, text: str) -> Screen:
    """Preview sending the link of the profile that a line names to the people of the file above it."""
    return await for_named(context, text, ("send",), _of_file)


async def _of_file(context: Context, of: RosterOf) -> Screen:
    chosen = await profile_of(context, of, "send", carried=())
    if isinstance(chosen, Screen):
        return chosen
    if not context.can_mail:
        return await without_server(context, chosen)
    waiting = Awaited(question_id=0, of=RosterOf(profile_id=chosen), body={})
    return await answered(context, "", waiting) or await _question(context, waiting)


async def to_missing(context: Context, of: RosterOf, through: int = 0) -> Screen:
    """Preview sending a link to the people of a roster who haven't come; ask which one if several lead there."""
    chosen = through or await profile_of(context, of, "sendmissing")
    if isinstance(chosen, Screen):
        return chosen
    if not context.can_mail:
        return await without_server(context, chosen)
    people = await _missing(context, of, chosen)
    kept = await context.write(
        awaited_lists.receive,
        context.actor_id,
        About.LINK_MAIL,
        RosterOf(profile_id=chosen),
        {MISSING: roster_target(of)},
        context.now,
    )
    return await first_shown(context, kept, people)


async def show(context: Context, data: str) -> Screen:
    """Preview a list again with other choices."""
    question_id, choices, _ = _arguments(data)
    sent = await context.read(awaited_lists.sent, context.actor_id, About.LINK_MAIL, question_id, context.now)
    try:
        return await _preview(context, sent, await _read(context, sent, choices), choices)
    except FileUnavailable:
        return unavailable(context, sent.of)


async def send(context: Context, data: str) -> Screen:
    """Queue the link for those of a previewed list who haven't got it."""
    question_id, choices, seen = _arguments(data)
    sent = await context.read(awaited_lists.sent, context.actor_id, About.LINK_MAIL, question_id, context.now)
    try:
        people, _ = received_lists.chosen(await _read(context, sent, choices), choices.suspended)
    except FileUnavailable:
        return unavailable(context, sent.of)
    asked = context.actor_id, question_id, people, context.now, sending(context, personal=bool(choices.personal))
    found = await context.write(link_mail_lists.send, *asked, seen=seen, of=_link(sent).of)
    return await shown(context, found, toast=context.words.say("Queued. Refresh shows what becomes of it."))


async def cancel(context: Context, question_id: int) -> Screen:
    """Send nothing to a list."""
    asked = context.actor_id, About.LINK_MAIL, question_id, context.now
    sent = await context.read(awaited_lists.sent, *asked)
    found = await read_as_far_as_it_leads(context, _link(sent))
    await context.write(awaited_lists.dismiss, *asked)
    return await shown(context, found, toast=context.words.say("Nothing was sent."))


def _link(sent: Awaited) -> LinkTarget:
    """Return which link a list is about, and the roster whose missing people it is, if it is."""
    of = read_roster(str(sent.body[MISSING])) if MISSING in sent.body else None
    return LinkTarget(profile_id=sent.of.profile_id or 0, of=of)


def _arguments(data: str) -> tuple[int, Choices, str]:
    """Read `question:column:personal:suspended:swapped:fingerprint`."""
    *numbers, seen = data.split(":")
    if len(numbers) != 1 + len(Choices().arguments) or not all(map(is_number, numbers)):
        raise StaleButton
    question_id, email, personal, suspended, swapped = map(int, numbers)
    return question_id, Choices(email=email, personal=personal, suspended=suspended, swapped=swapped), seen


async def _read(context: Context, sent: Awaited, choices: Choices) -> PeopleList:
    link = _link(sent)
    if link.of is not None:
        return await _missing(context, link.of, link.profile_id)
    return await received_lists.read(context, sent, email=choices.email, swapped=choices.swapped)


async def _missing(context: Context, of: RosterOf, through: int) -> PeopleList:
    people = await context.read(link_mail_lists.missing, context.actor_id, of, through)
    return PeopleList(people=tuple(people), repeated=(), unread=())


async def add_to_lists(context: Context, data: str) -> Screen:
    """Put those whom the link would refuse on the list that lets in nobody else, and preview the message again."""
    question_id, choices, seen = _arguments(data)
    sent = await context.read(awaited_lists.sent, context.actor_id, About.LINK_MAIL, question_id, context.now)
    try:
        found = await _read(context, sent, choices)
    except FileUnavailable:
        return unavailable(context, sent.of)
    profile_id, (people, _) = sent.of.profile_id or 0, received_lists.chosen(found, choices.suspended)
    await context.write(link_mail_lists.add_to_lists, context.actor_id, profile_id, people, context.now, seen=seen)
    return await _preview(context, sent, found, choices)


async def left_out(context: Context, data: str) -> PeopleLeftOut:
    """Return whom the preview that a button shows leaves out. Raises StaleButton, FileUnavailable."""
    question_id, choices, _ = _arguments(data)
    sent = await context.read(awaited_lists.sent, context.actor_id, About.LINK_MAIL, question_id, context.now)
    return (await _previewed(context, sent, await _read(context, sent, choices), choices)).left_out


async def _previewed(context: Context, sent: Awaited, found: PeopleList, choices: Choices) -> Preview:
    people, aside = received_lists.chosen(found, choices.suspended)
    return await context.read(
        link_mail_lists.preview,
        context.actor_id,
        sent.of.profile_id or 0,
        people,
        context.now,
        most=context.addresses.mails_a_day,
        language=context.words.language.code,
        suspended=aside,
    )


async def _preview(context: Context, sent: Awaited, found: PeopleList, choices: Choices) -> Screen:
    words, preview = context.words, await _previewed(context, sent, found, choices)
    file = str(sent.body.get("name", ""))
    return Screen(
        text=lines(
            words.say("Who's missing") if MISSING in sent.body else title(words, file, found),
            *written_to(words, preview),
            *described(words, preview.left_out),
            *refusing(words, preview.unlisted),
            *held(words, file, found),
            "",
            *(_letter(context, preview, choices) if preview.new and preview.content.state in SENDABLE else []),
            obstacle(words, preview, context.addresses.mails_a_day or 0),
            words.say("For {name}. Nothing is sent yet.", name=isolate(preview.content.profile_name)),
        ),
        rows=_buttons(context, sent, found, preview, choices),
    )


def _letter(context: Context, preview: Preview, choices: Choices) -> list[Markup]:
    """Show the message as it will be, in the language in which it is written."""
    language = context.languages.choose([preview.language])
    words = Words(language=language, zone=context.words.zone, now=context.now)
    content = replace(preview.content, token=HIDDEN, personal=True) if choices.personal else preview.content
    subject, paragraphs = link_letter(words, content, preview.organisation, context.addresses.public_url)
    title = Markup("<b>{}</b>").format(isolate(subject_with(subject.unescape(), preview.organisation)))
    shown = [Markup.escape(each) if isinstance(each, Url) else each for each in paragraphs]
    return [Markup("<blockquote>{}</blockquote>").format(lines(title, *shown))]


def _buttons(context: Context, sent: Awaited, found: PeopleList, preview: Preview, choices: Choices) -> Rows:
    say, question = context.words.say, sent.question_id

    def again(choice: Markup, **changes: int) -> InlineKeyboardButton:
        return tap(choice, "sendas", question, *replace(choices, **changes).arguments, "")

    label = context.words.count("Send to {number} address", "Send to these {number}", preview.new)
    personal = say("Personal links: on") if choices.personal else say("Personal links: off")
    switch = received_lists.suspended_label(context.words, choices.suspended)
    other = received_lists.next_column(context.words, found, choices.email)
    swapping = None if MISSING in sent.body else received_lists.swap_label(context.words, found)
    can_be_sent = preview.new and not obstacle(context.words, preview, 0)
    state = None if preview.content.state in SENDABLE else preview.content.state
    return rows(
        curing_row(context, state, preview.profile_id, "sendas", question, *choices.arguments, ""),
        [tap(label, "sendgo", question, *choices.arguments, preview.seen, style="success")] if can_be_sent else [],
        to_lists(context.words, preview.unlisted.seen, "sendadd", question, *choices.arguments),
        [again(personal, personal=int(not choices.personal))] if can_be_sent else [],
        [again(other[0], email=other[1])] if other else [],
        [again(swapping, swapped=int(not choices.swapped))] if swapping else [],
        [again(switch, suspended=int(not choices.suspended))] if found.suspended else [],
        to_left_out(context.words, preview.left_out, "sendas", question, *choices.arguments, ""),
        [tap(say("Send again"), "sendagain", *_link(sent).arguments)] if LeftOut.REFUSED in preview.left_out else [],
        [tap(say("Cancel"), "sendno", question)],
    )


COMMANDS = (
    Command(
        name="send",
        handler=send_link,
        summary=N_("Send a profile's link by email"),
        examples=("/send 1", "/send Autumn sales"),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        by_profile_number=True,
        reads_file=send_to_file,
        file_part=1,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "sendmissing": of_roster(to_missing, at_most=1),
    "sendas": show,
    "sendgo": send,
    "sendadd": add_to_lists,
    "sendno": by_number(cancel),
}
