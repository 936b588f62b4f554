"""What the parts of a line are chosen from: pages of entries, each with what it stands for in the line."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from bot.context import Context
from bot.menu.command import Choice
from bot.screens.person_card import mark
from bot.screens.profile_card import MARKS
from bot.wording import labels, person_fields
from core.domain.access import FOR_CUSTOM_ROLES, Permission, Role
from core.domain.field_kinds import CUSTOM_KINDS
from core.domain.field_texts import FieldText
from core.domain.links import Only
from core.domain.naming import format_path
from core.domain.text import search_key, search_words
from core.language import MOMENTS
from core.services import (
    courses,
    departments,
    form_fields,
    ownership_transfer,
    people_list,
    person_corrections,
    profile_links,
    profile_lists,
    roles,
)
from core.services.course_editing import CourseField
from core.services.people import Card

A_PAGE = 6
TOP = "/"
ROLES = {Role.ADMINISTRATOR: "administrator", Role.DEPARTMENT_ADMINISTRATOR: "department administrator"}
NO_ROLE = {Role.LEARNER: "learner"}
FIELD_CHANGES = ("required", "optional", "shown", "hidden")
ZONES: Mapping[str, Sequence[str]] = {  # the zones in which most people live who use a language, from west to east
    "en": (
        *("America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "Europe/London"),
        *("Europe/Paris", "Africa/Johannesburg", "Asia/Kolkata", "Asia/Singapore", "Australia/Sydney"),
    ),
    "es": (
        *("America/Mexico_City", "America/Bogota", "America/Lima", "America/Caracas", "America/Santiago"),
        *("America/Argentina/Buenos_Aires", "Europe/Madrid", "Atlantic/Canary"),
    ),
    "ru": (
        *("Europe/Kaliningrad", "Europe/Riga", "Europe/Minsk", "Europe/Moscow", "Europe/Samara", "Asia/Tbilisi"),
        *("Asia/Yekaterinburg", "Asia/Almaty", "Asia/Omsk", "Asia/Novosibirsk", "Asia/Irkutsk", "Asia/Vladivostok"),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing to choose: its label, and the text that stands for it in a line."""

    text: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Choices:
    """A page of what there is to choose, out of `total`; the pages before and after it, by their cursors, if any."""

    entries: tuple[Entry, ...]
    total: int
    before: int | None = None
    after: int | None = None


Chooser = Callable[[Context, str, int], Awaitable[Choices]]  # with search words and a cursor


async def _profiles(context: Context, words: str, cursor: int, *, only: Only = Only.ALL) -> Choices:
    found = await context.read(
        profile_lists.listing, context.actor_id, words, cursor, context.now, size=A_PAGE, only=only
    )
    return Choices(
        entries=tuple(
            Entry(text=str(card.profile_id), label=f"{MARKS[card.state]} {card.name}") for card in found.cards
        ),
        total=found.total,
        before=found.page - 1 if found.page else None,
        after=found.page + 1 if found.page + 1 < found.pages else None,
    )


async def _links(context: Context, words: str, _cursor: int) -> Choices:
    cards = await context.read(profile_lists.shareable, context.actor_id, words, context.now, at_most=A_PAGE)
    entries = tuple(Entry(text=card.token, label=f"{MARKS[card.state]} {card.name}") for card in cards)
    return Choices(entries=entries, total=len(entries))


async def _labelled_links(context: Context, words: str, cursor: int) -> Choices:
    """List the links with labels, of the newest profiles first; each stands for two parts of the line."""
    known = await context.read(profile_links.labelled, context.actor_id)
    entries = (Entry(text=f"{each.profile_id} | {each.label}", label=f"{each.name} · {each.label}") for each in known)
    return _page(entries, words, cursor)


async def _people(context: Context, words: str, cursor: int) -> Choices:
    found = await context.read(people_list.listing, context.actor_id, words, after=cursor, size=A_PAGE)
    return Choices(
        entries=tuple(map(_person, found.cards)),
        total=found.total,
        before=0 if cursor else None,
        after=found.newer_than,
    )


def _person(card: Card) -> Entry:
    return Entry(text=f"#{card.user_id}", label=f"{mark(card)} {card.name}")


async def _heirs(context: Context, words: str, cursor: int) -> Choices:
    return _page(map(_person, await context.read(ownership_transfer.heirs, context.actor_id)), words, cursor)


async def _departments(context: Context, words: str, cursor: int) -> Choices:
    return _page(await _branches(context), words, cursor)


async def _departments_or_top(context: Context, words: str, cursor: int) -> Choices:
    top = Entry(text=TOP, label=context.words.say("the top of the tree").unescape())
    return _page([top, *await _branches(context)], words, cursor)


async def _branches(context: Context) -> list[Entry]:
    paths = [format_path(each.path) for each in await context.read(departments.tree, context.actor_id) if each.path]
    return [Entry(text=path, label=path) for path in paths]


async def _roles(context: Context, words: str, cursor: int, *, built_in: Mapping[Role, str]) -> Choices:
    named = [
        Entry(text=text, label=labels.role(context.words, role, None).unescape()) for role, text in built_in.items()
    ]
    own = [Entry(text=role.name, label=role.name) for role in await context.read(roles.listing, context.actor_id)]
    return _page([*named, *own], words, cursor)


async def _permissions(context: Context, words: str, cursor: int) -> Choices:
    possible = [each for each in Permission if each in FOR_CUSTOM_ROLES]
    said = (Entry(text=each, label=context.words.say(labels.PERMISSIONS[each]).unescape()) for each in possible)
    return _page(said, words, cursor)


async def _courses(context: Context, words: str, cursor: int) -> Choices:
    known = await context.read(courses.catalogue, context.actor_id)
    return _page((Entry(text=course.title, label=course.title) for course in known), words, cursor)


async def _offered_courses(context: Context, words: str, cursor: int) -> Choices:
    known = await context.read(courses.catalogue, context.actor_id)
    offered = (course for course in known if not course.archived)
    return _page((Entry(text=course.title, label=course.title) for course in offered), words, cursor)


async def _course_fields(context: Context, words: str, cursor: int) -> Choices:
    say = context.words.say
    said = (Entry(text=each, label=say(labels.COURSE_FIELDS[each]).unescape()) for each in CourseField)
    return _page(said, words, cursor)


async def _rules(context: Context, words: str, cursor: int) -> Choices:
    """List the rules; each stands for two parts of the line."""
    known = await context.read(courses.rules, context.actor_id)
    named = ((format_path(rule.department), rule.title) for rule in known)
    entries = (Entry(text=f"{path} | {title}", label=f"{path} · {title}") for path, title in named)
    return _page(entries, words, cursor)


async def _fields(context: Context, words: str, cursor: int) -> Choices:
    known = await context.read(form_fields.listing, context.actor_id)
    return _page((Entry(text=field.label, label=field.label) for field in known), words, cursor)


async def _person_fields(context: Context, words: str, cursor: int) -> Choices:
    known = await context.read(person_corrections.fields, context.actor_id)
    said = (person_fields.label(context.words, each) for each in known)
    return _page((Entry(text=each, label=each) for each in said), words, cursor)


async def _places(context: Context, words: str, cursor: int) -> Choices:
    known = await context.read(form_fields.listing, context.actor_id)
    return _page(
        (Entry(text=str(field.place), label=f"{field.place}. {field.label}") for field in known), words, cursor
    )


async def _field_kinds(context: Context, words: str, cursor: int) -> Choices:
    said = (Entry(text=kind, label=context.words.say(labels.KINDS[kind]).unescape()) for kind in CUSTOM_KINDS)
    return _page(said, words, cursor)


async def _field_changes(context: Context, words: str, cursor: int) -> Choices:
    say = context.words.say
    named = (say("required"), say("not required"), say("shown at sign-up"), say("not shown at sign-up"))
    said = (Entry(text=text, label=label.unescape()) for text, label in zip(FIELD_CHANGES, named, strict=True))
    return _page(said, words, cursor)


async def _field_languages(context: Context, words: str, cursor: int) -> Choices:
    names = context.words.language.locale.languages
    rest = Entry(text="any", label=context.words.say("All other languages").unescape())
    return _page([*(Entry(text=code, label=names[code].capitalize()) for code in MOMENTS), rest], words, cursor)


async def _field_texts(context: Context, words: str, cursor: int) -> Choices:
    say = context.words.say
    said = (Entry(text=each, label=say(labels.FIELD_TEXTS[each]).unescape()) for each in FieldText)
    return _page(said, words, cursor)


async def _zones(context: Context, _words: str, _cursor: int) -> Choices:
    language = context.words.language
    keys = ZONES.get(language.code, ZONES["en"])
    entries = tuple(Entry(text=key, label=language.city(ZoneInfo(key))) for key in keys)
    return Choices(entries=entries, total=len(entries))


def _page(entries: Iterable[Entry], words: str, cursor: int) -> Choices:
    """Return the page that begins with an entry, out of those with these words in their labels."""
    wanted = search_words(words)
    found = [each for each in entries if all(word in search_key(each.label) for word in wanted)]
    start = min(cursor, max(0, len(found) - 1)) // A_PAGE * A_PAGE
    return Choices(
        entries=tuple(found[start : start + A_PAGE]),
        total=len(found),
        before=start - A_PAGE if start else None,
        after=start + A_PAGE if start + A_PAGE < len(found) else None,
    )


CHOOSERS: Mapping[Choice, Chooser] = {
    Choice.PROFILE: _profiles,
    Choice.RUNNING_PROFILE: partial(_profiles, only=Only.RUNNING),
    Choice.PAUSED_PROFILE: partial(_profiles, only=Only.PAUSED),
    Choice.LINK: _links,
    Choice.LABELLED_LINK: _labelled_links,
    Choice.PERSON: _people,
    Choice.PEOPLE: _people,
    Choice.ADMINISTRATOR: _heirs,
    Choice.DEPARTMENT: _departments,
    Choice.DEPARTMENT_OR_TOP: _departments_or_top,
    Choice.ROLE: partial(_roles, built_in=ROLES),
    Choice.ROLE_OR_NONE: partial(_roles, built_in=ROLES | NO_ROLE),
    Choice.OWN_ROLE: partial(_roles, built_in={}),
    Choice.PERMISSION: _permissions,
    Choice.COURSE: _courses,
    Choice.OFFERED_COURSE: _offered_courses,
    Choice.COURSE_FIELD: _course_fields,
    Choice.RULE: _rules,
    Choice.FIELD: _fields,
    Choice.FIELD_KIND: _field_kinds,
    Choice.FIELD_CHANGE: _field_changes,
    Choice.FIELD_LANGUAGE: _field_languages,
    Choice.FIELD_TEXT: _field_texts,
    Choice.PERSON_FIELD: _person_fields,
    Choice.PLACE: _places,
    Choice.ZONE: _zones,
}
TYPED = frozenset(  # what is typed is the answer itself, as in a line; elsewhere it is searched for
    {
        Choice.LINK,
        Choice.ZONE,
        Choice.PERMISSION,
        Choice.FIELD_CHANGE,
        Choice.PLACE,
        Choice.FIELD_LANGUAGE,
        Choice.FIELD_TEXT,
    }
)
ADDED_BY: Mapping[Choice, str] = {  # the command that adds one, for those who have none to choose from yet
    Choice.PROFILE: "newprofile",
    Choice.RUNNING_PROFILE: "newprofile",
    Choice.LINK: "newprofile",
    Choice.LABELLED_LINK: "addlink",
    Choice.PERSON: "addperson",
    Choice.PEOPLE: "addperson",
    Choice.ADMINISTRATOR: "invite",
    Choice.DEPARTMENT: "adddepartment",
    Choice.OWN_ROLE: "addrole",
    Choice.COURSE: "addcourse",
    Choice.OFFERED_COURSE: "addcourse",
    Choice.RULE: "addrule",
    Choice.FIELD: "addfield",
    Choice.PLACE: "addfield",
}
