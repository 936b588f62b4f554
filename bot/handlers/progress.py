"""/progress: how far the people of a profile, a department, a course or within scope are, who is behind, one person."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import guides
from bot.handlers.history import hidden_learners
from bot.handlers.newest_profiles import newest_profiles
from bot.input.arguments import StaleButton, card_number, is_number
from bot.input.cohorts import ALL, cohort_target, read_cohort
from bot.menu.buttons import ButtonHandler, by_numbers
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.paging import page_buttons
from bot.screens.person_card import button_labels
from bot.screens.screen import LONGEST_LABEL, Rows, Screen, rows, tap, to_home
from bot.wording import labels
from bot.wording.addresses import mail
from bot.wording.lists import Page, page_of
from bot.wording.phrases import N_, Words
from bot.wording.progress import course, course_of_person, state, steps, title
from bot.wording.rosters import came
from bot.wording.text import isolate, lines, shortened
from core.domain.access import Permission
from core.domain.text import key
from core.services import progress, progress_lookup
from core.services.progress import Cohort, Overview, People, PersonProgress, Which
from core.services.progress_lookup import Found, Named

A_PAGE = 7  # courses, of two lines each
COURSES_NAMED = 3
COURSES = 6  # to choose from
PARTS = 4
BEHIND: Mapping[str, Which] = {"waiting": Which.NOT_STARTED, "overdue": Which.OVERDUE}


async def show(context: Context, text: str) -> Screen:
    """Show the progress of a profile, a department, a course or a person; if empty, of all within scope."""
    if not text and Permission.MANAGE_PEOPLE not in context.person.permissions:
        return await _choose_profile(context)
    if not text:
        return await overview(context, Cohort())
    if (number := card_number(text)) is not None:
        return await overview(context, Cohort(profile_id=number))
    found = await context.read(progress_lookup.find, context.actor_id, text)
    match found.people, found.cohorts:
        case (one,), ():
            return await person(context, one.user_id)
        case (), (one,):
            return await overview(context, one.cohort)
    return _which(context, text, found)


def _which(context: Context, text: str, found: Found) -> Screen:
    """Ask which of those that have the typed name, or names that begin so, is meant."""
    say, names = context.words.say, button_labels(context.words, found.people)
    people = ([tap(name, "progress-person", card.user_id)] for card, name in zip(found.people, names, strict=True))
    cohorts = ([tap(_label(context, text, each), "progress", cohort_target(each.cohort))] for each in found.cohorts)
    question = say("Which one do you mean?") if found.cohorts else say("Which person do you mean?")
    more = say("Others are called so, too: type more of the name.") if found.more else None
    return Screen(text=lines(question, more), rows=rows(*people, *cohorts, [to_home(context.words)]))


def _label(context: Context, text: str, named: Named) -> str:
    """Name a profile with its number; what is called just as was typed by its kind."""
    name = shortened(named.name, LONGEST_LABEL)
    if named.cohort.profile_id is not None:
        return f"{name} (#{named.cohort.profile_id})"
    if named.name and key(named.name) != key(text):
        return name
    if named.cohort.course_id is not None:
        return context.words.say("The course")
    return context.words.say("The department")


async def _choose_profile(context: Context) -> Screen:
    """Let a person who may see learners of profiles only choose one of their newest profiles."""

    def to_profile(label: str, number: int) -> InlineKeyboardButton:
        return tap(label, "progress", cohort_target(Cohort(profile_id=number)))

    return (await newest_profiles(context, "progress", to_profile)).question(context.words)


async def overview(context: Context, cohort: Cohort, wanted: int = 0) -> Screen:
    """Show a page of a cohort's courses, with how many are where."""
    found = await context.read(progress.overview, context.actor_id, cohort, context.now)
    courses = [course(context.words, each) for each in found.courses]
    shown = page_of(courses, wanted, most=A_PAGE)
    nothing = None if courses else context.words.say("Nobody here has a course yet.")
    hidden = hidden_learners(context.words, found.hidden) if found.hidden else []
    expected = [came(context.words, found.roster)] if found.roster else []
    far = [steps(context.words, found.steps)] if found.steps else []
    return Screen(
        text=lines(
            title(context.words, found),
            *expected,
            *far,
            *hidden,
            *courses[shown.places.start : shown.places.stop],
            nothing,
        ),
        rows=_buttons(context, found, shown),
    )


async def overview_by_button(context: Context, data: str) -> Screen:
    """Show a cohort from `p12`, `d7` or `all`, and perhaps a page of its courses."""
    target, _, page = data.partition(":")
    if page and not is_number(page):
        raise StaleButton
    return await overview(context, read_cohort(target), int(page or 0))


async def people_behind(context: Context, data: str) -> Screen:
    """Name a page of those who have not started, or are overdue, from `cohort:which:after:before`."""
    target, which, after, before = _parts(data)
    if which not in BEHIND:
        raise StaleButton
    found = await context.read(
        progress.page, context.actor_id, read_cohort(target), BEHIND[which], context.now, after=after
    )
    behind, count = found.overview.behind, context.words.count
    headings = {
        "waiting": count("Not started: {number} person", "Not started: {number} people", behind.not_started),
        "overdue": count("Overdue: {number} person", "Overdue: {number} people", behind.overdue),
    }
    named = [_person(context.words, place, each) for place, each in enumerate(found.people, before + 1)]
    nobody = None if named else context.words.say("Nobody now.")
    return Screen(
        text=lines(title(context.words, found.overview), headings[which], *named, nobody),
        rows=_people_buttons(context, found, which, after, before),
    )


async def choose_course(context: Context, data: str) -> Screen:
    """Let the person choose one of the courses that people within scope have, from the place of the first one shown."""
    if data and not is_number(data):
        raise StaleButton
    found = await context.read(progress.courses_in_scope, context.actor_id)
    start = int(data or 0)
    shown = found[start : start + COURSES]
    say = context.words.say
    buttons = (
        [tap(shortened(title, LONGEST_LABEL), "progress", cohort_target(Cohort(course_id=number)))]
        for number, title in shown
    )
    first = [tap(say("« First"), "progress-courses", 0)] if start else []
    more = [tap(say("More ›"), "progress-courses", start + COURSES)] if len(found) > start + COURSES else []
    return Screen(
        text=say("Which course do you mean?") if shown else say("Nobody here has a course yet."),
        rows=rows(*buttons, first + more, [tap(say("‹ Progress"), "progress", ALL)]),
    )


async def person(context: Context, user_id: int, wanted: int = 0) -> Screen:
    """Show a page of a person's courses, with their moments."""
    found = await context.read(progress.of_person, context.actor_id, user_id, context.now)
    courses = [course_of_person(context.words, each) for each in found.courses]
    shown = page_of(courses, wanted, most=A_PAGE)
    say = context.words.say
    nothing = None if courses else say("{name} has no course yet.", name=isolate(found.name))
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(isolate(found.name)),
            labels.department(context.words, found.department),
            mail(context.words, found.email) if found.email else None,
            *courses[shown.places.start : shown.places.stop],
            nothing,
        ),
        rows=rows(
            page_buttons_of_person(context, shown, user_id),
            [tap(say("Show the person"), "person", user_id)],
            [tap(say("‹ Progress"), "progress", ALL)],
        ),
    )


def page_buttons_of_person(context: Context, shown: Page, user_id: int) -> list[InlineKeyboardButton]:
    """Return the buttons to the pages of a person's courses beside this one."""
    say, verb = context.words.say, "progress-person"
    before = [tap(say("‹ Back"), verb, user_id, shown.number - 1)] if shown.number else []
    after = [tap(say("More ›"), verb, user_id, shown.number + 1)] if shown.number + 1 < shown.pages else []
    return before + after


async def choose_department(context: Context, _arguments: str) -> Screen:
    """Ask for the department whose progress is to be shown."""
    command = guides.find(context, "progress")
    return await guides.ask(context, guides.Guide(command=command, origin=f"progress:{ALL}"))


def _person(words: Words, place: int, one: PersonProgress) -> Markup:
    """Name a person, and the courses in which they are behind."""
    who = [isolate(one.name), *([mail(words, one.email)] if one.email else [])]
    named = [Markup("{}: {}").format(isolate(each.title), state(words, each)) for each in one.courses[:COURSES_NAMED]]
    more = len(one.courses) - len(named)
    named += [words.count("{number} more", "{number} more", more)] if more else []
    return Markup("{}. {} · {}").format(place, Markup(", ").join(who), Markup("; ").join(named))


def _buttons(context: Context, found: Overview, shown: Page) -> Rows:
    say, count, target = context.words.say, context.words.count, cohort_target(found.cohort)
    waiting, overdue = found.behind.not_started, found.behind.overdue
    label = count("Not started · {number} person", "Not started · {number} people", waiting)
    files = [tap("CSV", "progress-file", target, "csv"), tap("XLSX", "progress-file", target, "xlsx")]
    return rows(
        page_buttons(context.words, shown, f"progress:{target}"),
        [tap(label, "progress-who", target, "waiting", 0, 0)] if waiting else [],
        [tap(say("Overdue · {number}", number=overdue), "progress-who", target, "overdue", 0, 0)] if overdue else [],
        files if found.people else [],
        [tap(say("One department"), "progress-where")] if found.cohort == Cohort() else [],
        [tap(say("One course"), "progress-courses")] if found.cohort == Cohort() and found.courses else [],
        [_back(context, found.cohort)],
    )


def _people_buttons(context: Context, found: People, which: str, after: int, before: int) -> Rows:
    say, target = context.words.say, cohort_target(found.overview.cohort)
    may_open = Permission.MANAGE_PEOPLE in context.person.permissions
    opening = [tap(str(place), "progress-person", each.user_id) for place, each in enumerate(found.people, before + 1)]
    first = [tap(say("« First"), "progress-who", target, which, 0, 0)] if after else []
    following = before + len(found.people)
    more = [tap(say("More ›"), "progress-who", target, which, found.last, following)] if found.last else []
    return rows(
        opening[:5] if may_open else [],
        opening[5:] if may_open else [],
        first + more,
        [tap(say("Remind all"), "remind-behind", target, which), tap(say("Choose whom"), "remind-some", target, which)]
        if found.people
        else [],
        [tap(say("‹ Progress"), "progress", target)],
    )


def _back(context: Context, cohort: Cohort) -> InlineKeyboardButton:
    if cohort.profile_id is not None:
        return tap(context.words.say("‹ Profile"), "profile", cohort.profile_id)
    return to_home(context.words) if cohort == Cohort() else tap(context.words.say("‹ Progress"), "progress", ALL)


def _parts(data: str) -> tuple[str, str, int, int]:
    """Read a cohort, which of its people, and two numbers."""
    parts = data.split(":")
    if len(parts) != PARTS or not all(map(is_number, parts[2:])):
        raise StaleButton
    target, which, after, before = parts
    return target, which, int(after), int(before)


COMMANDS = (
    Command(
        name="progress",
        handler=show,
        summary=N_("Show how far people are in their courses, and who is behind"),
        examples=(
            "/progress",
            "/progress 1",
            "/progress Sales / EMEA",
            "/progress Welcome",
            "/progress Anna Berzina",
            "/progress anna@example.com",
        ),
        permission=Permission.MANAGE_PEOPLE,
        also=(Permission.MANAGE_PROFILES,),
        subject=Subject.COURSES,
        guided=(Part(N_("department"), of=Choice.DEPARTMENT),),
        opens=show,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "progress": overview_by_button,
    "progress-who": people_behind,
    "progress-person": by_numbers(person, at_most=2),
    "progress-where": choose_department,
    "progress-courses": choose_course,
}
