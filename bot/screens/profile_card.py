"""A profile's card, and its entry in a list."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.callback_data import pack
from bot.screens.screen import Rows, Screen, copy, rows, tap
from bot.screens.sharing import sharing
from bot.wording.labels import several
from bot.wording.phrases import Words
from bot.wording.progress import steps
from bot.wording.rosters import came, closed, nobody_left
from bot.wording.text import isolate, lines, shortened
from bot.wording.waiting import reserved
from core.domain.links import LinkState
from core.domain.naming import format_path
from core.services.profile_changes import as_seconds
from core.services.profiles import Card
from core.services.roster_counts import RosterCounts
from core.services.roster_doors import ClosedBy

BAR = 10
LONGEST_LABEL = 38  # letters of a button that has a row for itself, without the mark
SHARES = 5
FIRST = 0  # the first page in a button's data
TO_FURTHER = "profile-more"  # the verb of the button to the further ones
MARKS = {
    LinkState.OPEN: "🟢",
    LinkState.SIGN_UP_OFF: "⚪",
    LinkState.PAUSED: "⏸",
    LinkState.NOT_YET_OPEN: "🕒",
    LinkState.ENDED: "🏁",
    LinkState.FULL: "🔴",
    LinkState.REMOVED: "✖️",
    LinkState.REPLACED: "🔁",
    LinkState.WITHDRAWN: "↩️",
    LinkState.USED: "✔️",
}


def profile_screen(
    context: Context,
    card: Card,
    *notes: Markup,
    toast: Markup | None = None,
    undo: InlineKeyboardButton | None = None,
) -> Screen:
    """Show a profile's card with notes below it; `undo` takes back what was just done to it."""
    below = ("", *notes) if notes else ()
    text = lines(*_card_lines(context.words, card), *_links(context, card), *below)
    return Screen(text=text, rows=_profile_buttons(context, card, undo), toast=toast)


def further_screen(context: Context, card: Card) -> Screen:
    """Show the card of a profile that may be changed, with the buttons for what is needed less often."""
    text = lines(*_card_lines(context.words, card), *_links(context, card))
    return Screen(text=text, rows=further_buttons(context.words, card.profile_id))


def mark(state: LinkState, by: ClosedBy | None) -> str:
    """Return the mark of a link's state: a warning if it is open, but lists let in nobody who could come."""
    return "⚠️" if state is LinkState.OPEN and by is not None and by.lets_in_nobody else MARKS[state]


def listed(words: Words, card: Card) -> Markup:
    """Show a profile in a list: two lines."""
    title = Markup("{} {} (#{})").format(MARKS[card.state], isolate(card.name), card.profile_id)
    parts = isolate(format_path(card.department)), used(words, card), when(words, card)
    return lines(title, Markup("{} · {} · {}").format(*parts))


def button_label(words: Words, card: Card) -> str:
    """Return the label of the button that opens a profile: its name, places, and until when or why not."""
    places = str(card.used) if card.limit is None else f"{card.used}/{card.limit}"
    match card.state:
        case LinkState.PAUSED:
            state = words.say("paused")
        case LinkState.ENDED:
            state = words.say("ended")
        case LinkState.FULL:
            state = words.say("full")
        case _:
            state = Markup.escape(words.day(card.window.ends_at.astimezone(words.zone).date()))
    ending = f" · {places} · {state.unescape()}"
    return f"{MARKS[card.state]} {shortened(card.name, LONGEST_LABEL - len(ending))}{ending}"


def _card_lines(words: Words, card: Card) -> list[Markup | str]:
    title = Markup("{} <b>{}</b> (#{})").format(mark(card.state, card.closed_by), isolate(card.name), card.profile_id)
    expected = [] if card.roster is None else [came(words, card.roster)]
    expected += closed(words, card.closed_by)
    expected += nobody_left(words, card.closed_by) if card.state is LinkState.OPEN else []
    rushed = (
        [words.say("Many forms are coming in, so its page checks browsers for the moment.")] if card.is_rushed else []
    )
    far = [] if card.steps is None else [steps(words, card.steps)]
    department = isolate(format_path(card.department))
    return [title, department, when(words, card), _bar(words, card), *expected, *far, *rushed]


def when(words: Words, card: Card) -> Markup:
    """Say whether the link is open, why not, and until when."""
    start, end = words.clock(card.window.starts_at), words.clock(card.window.ends_at)
    match card.state:
        case LinkState.OPEN:
            left = words.language.duration(card.window.ends_at - words.now)
            return words.say("Open until {end}, {left} left", end=end, left=left)
        case LinkState.NOT_YET_OPEN:
            return words.say("Opens {start}, closes {end}", start=words.moment(card.window.starts_at), end=end)
        case LinkState.ENDED:
            return words.say("Ended {end}", end=end)
        case LinkState.PAUSED:
            return words.say("Paused; closes {end}", end=end)
        case LinkState.FULL:
            return words.say("Full; closes {end}", end=end)
        case LinkState.SIGN_UP_OFF:
            return _while_off(words, card, start, end)
        case LinkState.REMOVED | LinkState.REPLACED | LinkState.WITHDRAWN | LinkState.USED:
            return words.say("The link no longer works")


def _while_off(words: Words, card: Card, start: Markup, end: Markup) -> Markup:
    if card.paused:
        return words.say("Closed while sign-up is off, and paused; closes {end}", end=end)
    return words.say("Closed while sign-up is off; from {start} to {end}", start=start, end=end)


def _bar(words: Words, card: Card) -> Markup:
    if card.limit is None:
        return used(words, card)
    filled = min(BAR, card.used * BAR // card.limit or int(card.used > 0))
    bar = "▓" * filled + "░" * (BAR - filled)
    return Markup("{}  {}").format(bar, used(words, card))


def used(words: Words, card: Card) -> Markup:
    """Say how many places are used of how many, and how many are reserved: for people who wait, or whom one is kept."""
    said = (
        words.count("{number} used, no limit", "{number} used, no limit", card.used)
        if card.limit is None
        else words.say("{used} of {limit}", used=card.used, limit=card.limit)
    )
    return Markup(", ").join([said, *reserved(words, card.waiting, card.kept)])


def _links(context: Context, card: Card) -> list[Markup | str]:
    """Show the link on its own line and labelled links below it; people who can only read a profile get none."""
    count, more = context.words.count, len(card.shares) - SHARES
    if not card.editable:
        return [
            context.words.say("It now points to another department, so you can only read it."),
            *_editors(context, card),
        ]
    shares = [labelled(share.label, context.link(share.token)) for share in card.shares[:SHARES]]
    rest = [count("… and {number} more link", "… and {number} more links", more)] if more > 0 else []
    return [context.link(card.token), *shares, *rest]


def _editors(context: Context, card: Card) -> list[Markup]:
    """Say who can change a profile that can only be read: by name who is within the viewer's departments."""
    say, path = context.words.say, format_path(card.department)
    if card.editors is None:
        return []
    if card.editors.names:
        return [say("It can be changed by {names}.", names=several(context.words, card.editors.names))]
    if card.editors.has_managers and path:
        return [say("It can be changed by the managers of {path}.", path=path)]
    return [say("It can be changed by account administrators.")]


def waiting_row(words: Words, number: int, waiting: int) -> list[InlineKeyboardButton]:
    """Return the button to those who hold a place of a profile without an account yet, if anybody does."""
    return [tap(words.say("⏳ Waiting · {n}", n=waiting), "waiting", FIRST, number)] if waiting else []


def missing_row(words: Words, target: int | str, roster: RosterCounts | None) -> list[InlineKeyboardButton]:
    """Return the button to a roster's missing people, if people are expected and some are; `target`: whose it is."""
    if roster is None or not roster.missing:
        return []
    return [tap(words.say("Who's missing · {number}", number=roster.missing), "missing", target)]


def labelled(label: str, link: str) -> Markup:
    """Show a link under its label."""
    return Markup("{}: {}").format(isolate(label), link)


def _profile_buttons(context: Context, card: Card, undo: InlineKeyboardButton | None) -> Rows:
    say, link, number = context.words.say, context.link(card.token), card.profile_id
    joined, back = tap(say("Who joined"), "history", number), tap(say("‹ Links"), "profiles", FIRST, "")
    if not card.editable:
        return rows([joined], [back])
    pausing = tap(say("Resume"), "resume", number) if card.paused else tap(say("Pause"), "pause", number)
    enabling = undo is None and card.state is LinkState.SIGN_UP_OFF and card.may_enable_sign_up
    return rows(
        [undo],
        [tap(say("Turn sign-up on"), "signup", number, style="success")] if enabling else [],
        [sharing(say("Share"), context, card, link, style="primary"), copy(say("Copy link"), link)],
        [tap(say("QR"), "qr", number), joined],
        [*waiting_row(context.words, number, card.waiting), tap(say("Progress"), "progress", f"p{number}")],
        missing_row(context.words, number, card.roster),
        [
            tap(say("+1 week"), "week", number, as_seconds(card.window.ends_at)),
            None if card.limit is None else tap(say("+10 places"), "places", number, card.limit),
        ],
        [tap(say("Edit"), "edit", number), pausing],
        [back, tap(say("More ›"), TO_FURTHER, number)],
    )


def further_buttons(words: Words, number: int) -> Rows:
    """Return the buttons for what is needed less often, which are behind another one of the card."""
    say = words.say
    return rows(
        [tap(say("Links & labels"), "links", number), tap(say("Replace link"), "relink", number)],
        [tap(say("Expected people"), "expect", number)],
        [tap(say("Send by email"), "send", number)],
        [tap(say("Reminders"), "reminders", f"p{number}"), tap(say("In groups"), "live-cards", number)],
        [tap(say("Poster"), "poster", number), tap(say("Duplicate"), "duplicate", number)],
        [tap(say("‹ Profile"), "profile", number)],
        [tap(say("Delete"), "drop", pack([number]), style="danger")],
    )
