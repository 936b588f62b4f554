"""How far people are in their courses, in words."""

from markupsafe import Markup

from bot.wording import labels
from bot.wording.phrases import Words
from bot.wording.text import isolate, lines
from core.services.progress import CourseCounts, CourseOfPerson, Overview
from core.services.steps import Steps

BAR = 10


def title(words: Words, overview: Overview) -> Markup:
    """Name a cohort, and say how many people it has."""
    if overview.cohort.profile_id is not None:
        joined = words.count("{number} joined", "{number} joined", overview.people)
        return Markup("<b>{}</b> (#{}) · {}").format(isolate(overview.name), overview.cohort.profile_id, joined)
    people = words.count("{number} learner", "{number} learners", overview.people)
    name = _departments(words, overview) if overview.cohort.course_id is None else isolate(overview.name)
    return Markup("<b>{}</b> · {}").format(name, people)


def _departments(words: Words, overview: Overview) -> Markup:
    if overview.cohort.department_id is None:
        return words.say("Your departments")
    return labels.department(words, overview.path)


def course(words: Words, counts: CourseCounts) -> Markup:
    """Say how many people are where in a course, each in one place, with a bar of those who have completed it."""
    say = words.say
    total = counts.completed + counts.started + counts.not_started
    filled = counts.completed * BAR // total if total else 0
    parts = (
        (counts.completed, say("{number} completed", number=counts.completed)),
        (counts.started, say("{number} under way", number=counts.started)),
        (counts.not_started, say("{number} not started", number=counts.not_started)),
        (counts.overdue, late(words, counts.overdue)),
    )
    shown = Markup(" · ").join(text for number, text in parts if number)
    return lines(isolate(counts.title), Markup("{}  {}").format("▓" * filled + "░" * (BAR - filled), shown))


def steps(words: Words, found: Steps) -> Markup:
    """Say in one line how far people with courses are: groups that make up all of them, and how many are overdue.

    Beside it stand numbers of people of whom not all are active or have a course.
    """
    say = words.say
    groups = (
        (found.completed, say("{number} completed all", number=found.completed)),
        (found.under_way, say("{number} under way", number=found.under_way)),
        (found.not_started, say("{number} not started", number=found.not_started)),
    )
    parts = Markup(", ").join(text for number, text in groups if number)
    said = words.count("{number} with courses: {parts}", "{number} with courses: {parts}", found.people, parts=parts)
    return Markup("{} · {}").format(said, late(words, found.overdue)) if found.overdue else said


def late(words: Words, number: int) -> Markup:
    """Say how many of those in the groups before it are overdue."""
    return words.count("{number} of them overdue", "{number} of them overdue", number)


def state(words: Words, one: CourseOfPerson) -> Markup:
    """Say how far a person is in a course, and since when it is overdue."""
    progress = words.say(labels.PROGRESS[one.progress])
    if one.overdue and one.due_at:
        return words.say("{progress}, was due {when}", progress=progress, when=words.moment(one.due_at))
    return progress


def course_of_person(words: Words, one: CourseOfPerson) -> Markup:
    """Say how far a person is in a course, and the moments that are known."""
    say, moment = words.say, words.moment
    known = [say("given {when}", when=moment(one.enrolled_at))]
    if one.started_at:
        known.append(say("started {when}", when=moment(one.started_at)))
    if one.completed_at:
        known.append(say("completed {when}", when=moment(one.completed_at)))
    if one.due_at and not one.overdue and not one.completed_at:
        known.append(say("due {when}", when=moment(one.due_at)))
    heading = Markup("{}: {}").format(isolate(one.title), state(words, one))
    return lines(heading, Markup(" · ").join(known))
