"""A person's card, and their entry in a list."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.screens.lists import LONGEST_ENTRY
from bot.screens.screen import Rows, Screen, rows, tap
from bot.wording import labels
from bot.wording.addresses import mail
from bot.wording.lists import first
from bot.wording.phrases import Words
from bot.wording.reports import activation
from bot.wording.text import isolate, lines, shortened
from bot.wording.waiting import UNCONFIRMED, marked
from core.domain.access import Role, UserState
from core.services.courses import MyCourse
from core.services.mail_outbox import Refused
from core.services.people import Card
from core.services.person_details import Arrival, Consent, Filled, PersonDetails

MARKS = {UserState.ACTIVE: "🟢", UserState.INACTIVE: "⚪", UserState.PENDING: "🕒", UserState.DELETED: "✖️"}
LONGEST_VALUE = 200
LONGEST_DEPARTMENT, LONGEST_STANDING = 16, 24  # letters in a label
MOST_COURSES = 20
LONGEST_COURSES = 1800


def person_screen(
    context: Context,
    shown: PersonDetails,
    *notes: Markup | None,
    toast: Markup | None = None,
    undo: InlineKeyboardButton | None = None,
) -> Screen:
    """Show a person's card with notes below it; `undo` takes back what was just done."""
    words, card = context.words, shown.card
    below = ("", *notes) if notes else ()
    text = lines(
        _title(card),
        _role(words, card),
        labels.department(words, card.department),
        *_facts(words, card),
        _new_address(words, shown.new_email) if shown.new_email else None,
        *(_filled(words, each) for each in shown.filled),
        words.say("Here since {when}", when=words.moment(card.created_at)),
        _arrival(words, shown.arrival) if shown.arrival else None,
        _consent(words, shown.consent) if shown.consent else None,
        _mail_refused(words, shown.mail_refused) if shown.mail_refused else None,
        words.say("Not in this chat yet.") if shown.may_invite else None,
        *_courses(words, shown.courses),
        None if shown.may_change else _changed_by(words, card),
        *below,
    )
    buttons = _buttons(context, shown if undo is None else replace(shown, may_invite=False))  # at most 8 rows
    return Screen(text=text, rows=rows([undo], *buttons), toast=toast)


def button_labels(words: Words, cards: Sequence[Card]) -> list[str]:
    """Return the labels of people in a list: their name, and their department or role, or that they wait.

    Those that would be the same have the person's number instead.
    """
    usual = [_label(card, _standing(words, card)) for card in cards]
    times = Counter(usual)
    return [
        _label(card, f"#{card.user_id}") if times[label] > 1 else label
        for card, label in zip(cards, usual, strict=True)
    ]


def _label(card: Card, standing: str) -> str:
    before, after = f"{mark(card)} ", f" · {shortened(standing, LONGEST_STANDING)}"
    return f"{before}{shortened(card.name, LONGEST_ENTRY - len(before) - len(after))}{after}"


def mark(card: Card) -> str:
    """Return the mark of a person in a list."""
    if card.declined:
        return MARKS[UserState.DELETED]
    return UNCONFIRMED if card.unconfirmed else MARKS[card.state]


def _standing(words: Words, card: Card) -> str:
    if card.declined:
        return words.say("declined").unescape()
    if card.unconfirmed:
        return words.say("address not confirmed").unescape()
    if card.state is UserState.PENDING:
        return words.say("waiting for approval").unescape()
    if card.department:
        return shortened(card.department[-1], LONGEST_DEPARTMENT)
    return labels.role(words, card.role, card.role_name).unescape()


def _title(card: Card) -> Markup:
    return Markup("{} <b>{}</b> (#{})").format(MARKS[card.state], isolate(card.name), card.user_id)


def _role(words: Words, card: Card) -> Markup:
    return labels.role_for(words, labels.role(words, card.role, card.role_name), card.manages)


def _facts(words: Words, card: Card) -> list[Markup]:
    email = card.email and mail(words, card.email)
    facts = (("email", email), ("login", card.login), ("phone", card.phone), ("job_title", card.job_title))
    return [_fact(words.say(labels.LABELS[name]), value) for name, value in facts if value]


def _new_address(words: Words, address: str) -> Markup:
    return marked(words.say("New address, not confirmed yet: {address}", address=mail(words, address)))


def _filled(words: Words, filled: Filled) -> Markup:
    language = words.language.code
    return _fact(filled.label_in(language), shortened(filled.shown(language), LONGEST_VALUE))


def _fact(label: Markup | str, value: str) -> Markup:
    return Markup("{}: {}").format(isolate(label), isolate(value))


def _arrival(words: Words, arrival: Arrival) -> Markup:
    came = words.say("Signed up through “{name}” (#{number})", name=arrival.profile_name, number=arrival.profile_id)
    became = activation(words, returned=arrival.returned, undone=arrival.undone)
    return Markup("{}, {}").format(came, became) if became else came


def _consent(words: Words, consent: Consent) -> Markup:
    return words.say(
        "Agreed to the privacy policy, version {version}, on {when}",
        version=consent.version,
        when=words.moment(consent.at),
    )


def _mail_refused(words: Words, refused: Refused) -> Markup:
    return words.say(
        "⚠️ The last email to this address was refused on {when}: {reason}",
        when=words.moment(refused.at),
        reason=refused.reason,
    )


def _changed_by(words: Words, card: Card) -> Markup:
    """Say who can change a person of the staff whom the viewer can only read."""
    if card.role is Role.OWNER:
        return words.say("Only the owner can change this person.")
    return words.say("Only account administrators can change this person.")


def _courses(words: Words, courses: tuple[MyCourse, ...]) -> list[Markup | str]:
    if not courses:
        return []
    counted = words.count("{number} course:", "{number} courses:", len(courses))
    written = [_course(words, course) for course in courses]
    return ["", counted, *first(words, written, most=MOST_COURSES, longest=LONGEST_COURSES)]


def _course(words: Words, course: MyCourse) -> Markup:
    progress = words.say(labels.PROGRESS[course.progress])
    if course.overdue and course.due_at:
        progress = words.say("{progress}, was due {when}", progress=progress, when=words.moment(course.due_at))
    return Markup("· {}: {}").format(isolate(course.title), progress)


def _may_get_a_link(shown: PersonDetails) -> bool:
    return shown.may_change and bool(shown.card.email or shown.card.login)


def _enrolling(context: Context, shown: PersonDetails) -> list[InlineKeyboardButton]:
    if not shown.may_enrol:
        return []
    say, number = context.words.say, shown.card.user_id
    giving = tap(say("Give a course"), "person-enrol", number)
    return [giving, tap(say("Take course back"), "person-unenrol", number)] if shown.courses else [giving]


def _buttons(context: Context, shown: PersonDetails) -> Rows:
    say, number = context.words.say, shown.card.user_id
    returning = shown.arrival is not None and shown.arrival.may_return
    active = shown.card.state is UserState.ACTIVE
    switching = tap(say("Deactivate"), "person-off", number) if active else tap(say("Activate"), "person-on", number)
    may_switch = shown.may_end if active else shown.may_change
    return rows(
        [tap(say("Invite to this chat"), "person-invite", number, style="success")] if shown.may_invite else [],
        [
            tap(say("Transfer"), "person-move", number) if shown.may_change else None,
            switching if may_switch else None,
        ],
        _enrolling(context, shown),
        [tap(say("New password link"), "person-password", number)] if _may_get_a_link(shown) else [],
        [tap(say("Return the activation"), "person-give", number)] if returning else [],
        [tap(say("‹ People"), "people", 0, ""), tap(say("Refresh"), "person", number)],
        [
            tap(say("Correct"), "person-correct", number) if shown.may_change else None,
            tap(say("Role"), "person-role", number) if shown.may_assign else None,
        ],
        [
            tap(say("Export data"), "person-data", number) if shown.may_change else None,
            tap(say("Delete"), "person-end", number, style="danger") if shown.may_end else None,
        ],
    )
