"""People who get or lose a course, and what becomes of their progress, in words."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.wording import labels
from bot.wording.lists import first
from bot.wording.phrases import Words
from bot.wording.text import isolate
from core.domain.progress import Progress
from core.services.enrolment_changes import EnrolmentChange, Learner

MOST_NAMES, LONGEST_NAMES = 10, 1500


def named(words: Words, people: Sequence[Learner]) -> list[Markup]:
    """List people, as many as fit, with how far they are if they have the course."""
    return first(words, [_named(words, each) for each in people], most=MOST_NAMES, longest=LONGEST_NAMES)


def progress_lost(words: Words, people: Sequence[Learner]) -> list[Markup]:
    """Say how many have started or completed a course, whose progress would be lost; nothing if nobody has."""
    started, completed = (
        sum(each.progress is progress for each in people) for progress in (Progress.STARTED, Progress.COMPLETED)
    )
    if not started and not completed:
        return []
    counted = [words.say("{number} started", number=started)] if started else []
    counted += [words.say("{number} completed", number=completed)] if completed else []
    return [
        words.say("Their progress will be gone: {what}.", what=Markup(", ").join(counted)),
        words.say("You can undo this for a minute."),
    ]


def taken_back(words: Words, done: EnrolmentChange) -> Markup:
    """Say from whom a course was taken back."""
    if not done.people:
        return words.say("“{title}” was taken back from nobody.", title=done.title)
    if len(done.people) == 1:
        return words.say("“{title}” was taken back from {name}.", title=done.title, name=done.people[0].name)
    return words.count(
        "“{title}” was taken back from {number} person.",
        "“{title}” was taken back from {number} people.",
        len(done.people),
        title=done.title,
    )


def _named(words: Words, learner: Learner) -> Markup:
    if learner.progress is None:
        return Markup("· {}").format(isolate(learner.name))
    return Markup("· {}: {}").format(isolate(learner.name), words.say(labels.PROGRESS[learner.progress]))
