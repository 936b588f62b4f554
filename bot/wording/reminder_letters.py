"""The words of reminders by e-mail, for their sending."""

from markupsafe import Markup

from bot.wording.invitations import expects
from bot.wording.link_letters import Paragraphs, Url, works
from bot.wording.phrases import Words
from core.services.link_letters import LinkContent
from core.services.reminder_letters import CourseToDo, ReminderContent


def reminder_letter(
    words: Words, content: ReminderContent, organisation: str | None, contact: str | None, public_url: str
) -> tuple[Markup, Paragraphs]:
    """Return the subject and the paragraphs of a reminder, with the links that go on and that stop reminders."""
    say = words.say
    subject, paragraphs = (
        _to_sign_up(words, content, content.link, organisation, public_url)
        if content.link
        else _to_go_on(words, content, organisation, public_url)
    )
    asking = [say("If you have questions: {contact}", contact=contact)] if contact else []
    return subject, [
        *paragraphs,
        *asking,
        say("If you want no more reminders, stop them here:"),
        Url(stop_url(content, public_url)),
    ]


def stop_url(content: ReminderContent, public_url: str) -> str:
    """Return the address of the page that stops reminders."""
    return f"{public_url}/r/{content.stop_code}"


def _to_sign_up(
    words: Words, content: ReminderContent, link: LinkContent, organisation: str | None, public_url: str
) -> tuple[Markup, Paragraphs]:
    say, department = words.say, link.department
    subject = (
        say("Reminder: please sign up for {department}", department=department)
        if department
        else say("Reminder: please sign up")
    )
    return subject, [
        expects(words, content.sender or link.sender, department, organisation),
        say("Open this link and fill in the form:"),
        Url(f"{public_url}/s/{link.token}"),
        works(words, link),
    ]


def _to_go_on(
    words: Words, content: ReminderContent, organisation: str | None, public_url: str
) -> tuple[Markup, Paragraphs]:
    say, number = words.say, len(content.courses) + content.more
    subject = (
        say("Reminder: {title}", title=content.courses[0].title)
        if number == 1
        else words.count("Reminder: {number} course", "Reminder: {number} courses", number)
    )
    return subject, [
        *courses_to_do(words, content, organisation),
        say("Your courses are here:"),
        Url(f"{public_url}/courses"),
    ]


def courses_to_do(words: Words, content: ReminderContent, organisation: str | None) -> list[Markup]:
    """Say who reminds a learner, and of which courses."""
    more = [words.count("… and {number} more course", "… and {number} more courses", content.more)]
    return [
        _who_reminds(words, content.sender, organisation),
        *(_course(words, each) for each in content.courses),
        *(more if content.more else []),
    ]


def _who_reminds(words: Words, sender: str | None, organisation: str | None) -> Markup:
    say = words.say
    if sender and organisation:
        return say("{sender} reminds you of your courses at {organisation}.", sender=sender, organisation=organisation)
    if sender or organisation:
        return say("{sender} reminds you of your courses.", sender=sender or organisation)
    return say("This reminds you of your courses.")


def _course(words: Words, course: CourseToDo) -> Markup:
    say = words.say
    state = say("started") if course.started else say("not started")
    if course.due_at is None:
        return say("• {title}: {state}", title=course.title, state=state)
    when = words.clock(course.due_at)
    if course.overdue:
        return say("• {title}: {state}, was due {when}", title=course.title, state=state, when=when)
    return say("• {title}: {state}, due {when}", title=course.title, state=state, when=when)
