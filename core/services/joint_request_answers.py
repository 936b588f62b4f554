"""All open requests for access granted or declined together, after a question that names who asks.

What opens their links is done, too, as the question says of each: so that a link is not opened by another way than was
read, a request whose link is closed for another reason since stays open. Nor is anything changed for a request that
isn't granted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.access_requests import Cure
from core.errors import LimitNotUnderstood, LinkClosed, ProfileReadOnly, RequestNotOpen
from core.services import growing_notices, questions, request_answers
from core.services.authorisation import authorise
from core.services.joint_answers import Answer
from core.services.questions import About
from core.services.request_answers import Asked
from core.storage.savepoints import savepoint

MOST_AT_ONCE = 8  # each is named in the question, with what opens its link
LOOKED_AT = 50  # of the oldest, since some may be unopenable
MILD = frozenset({Cure.KEEP, Cure.PLACE})  # what granting any request may do


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The question whether to answer these requests, the oldest first; `more` are open, too, but aren't asked about.

    What lets a person in is the first of their `cures`; `in_use` of each counts the places of those before them, too,
    who are let in by the same profile. `unopenable` are those by name whose links the acting user can't open: to be
    declined they are among the `asked`.
    """

    question_id: int
    answer: Answer
    asked: tuple[Asked, ...]
    more: int
    unopenable: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Whose requests were answered, by name.

    Of those asked about, others were not: `gone` were answered by somebody else since, withdrawn or expired, or the
    acting user may no longer answer them, and the links of `closed` can't be opened as was asked, or have no place
    left.
    """

    answer: Answer
    names: tuple[str, ...]
    gone: int
    closed: tuple[str, ...]


def propose(session: Session, actor_id: int, answer: Answer, now: datetime) -> Proposal | None:
    """Ask whether to answer all open requests that the acting user may answer; None if there is none to ask about.

    At most MOST_AT_ONCE are asked about, so that each is read. Needs the permission to manage sign-up profiles.
    """
    listing = request_answers.listing(session, actor_id, now, size=LOOKED_AT)
    possible = [each for each in listing.asked if each.cures or answer is Answer.DECLINE]
    if not possible:
        return None
    asked = possible[:MOST_AT_ONCE]
    body = {"answer": answer, "requests": [(each.request_id, _cure(each)) for each in asked]}
    return Proposal(
        question_id=questions.ask(session, actor_id, About.JOINT_REQUEST_ANSWER, body, now),
        answer=answer,
        asked=tuple(_one_after_another(asked)),
        more=listing.total - len(listing.asked) + len(possible) - len(asked),
        unopenable=tuple(each.name for each in listing.asked if each not in possible),
    )


def confirm(session: Session, actor_id: int, question_id: int, now: datetime) -> Answered:
    """Answer those of the requests in a question that are still open, once. Raises QuestionClosed."""
    authorise(session, actor_id, Permission.MANAGE_PROFILES)
    body = questions.answer(session, actor_id, question_id, About.JOINT_REQUEST_ANSWER, now)
    cures = {number: cure and Cure(cure) for number, cure in body["requests"]}
    answer, answered, closed = Answer(body["answer"]), [], []
    for each in _in_order_of_locks(_still_open(session, actor_id, cures, now)):
        try:
            if answer is Answer.DECLINE:
                request_answers.decline(session, actor_id, each.request_id, now)
            else:
                _grant(session, actor_id, each.request_id, cures[each.request_id], now)
        except (LinkClosed, LimitNotUnderstood):
            closed.append(each.name)
        except RequestNotOpen:  # answered by another transaction since
            continue
        else:
            answered.append(each.name)
    growing_notices.end(session, actor_id)
    gone = len(cures) - len(answered) - len(closed)
    return Answered(answer=answer, names=tuple(answered), gone=gone, closed=tuple(closed))


def _one_after_another(requests: Iterable[Asked]) -> Iterator[Asked]:
    """Give each request with the places that are in use once those before it are granted."""
    before = Counter[int]()
    for each in requests:
        yield replace(each, in_use=each.in_use + before[each.profile_id])
        before[each.profile_id] += 1


def _cure(asked: Asked) -> Cure | None:
    return asked.cures[0] if asked.cures else None


def _still_open(session: Session, actor_id: int, numbers: Iterable[int], now: datetime) -> list[Asked]:
    found = []
    for number in numbers:
        try:
            found.append(request_answers.asked(session, actor_id, number, now))
        except (RequestNotOpen, ProfileReadOnly):
            continue
    return found


def _in_order_of_locks(found: Iterable[Asked]) -> list[Asked]:
    """Sort requests as their rows are locked: the account's for the switch of sign-up first, then profiles."""
    return sorted(found, key=lambda each: (Cure.SWITCH_ON not in each.cures, each.profile_id, each.request_id))


def _grant(session: Session, actor_id: int, request_id: int, expected: Cure | None, now: datetime) -> None:
    """Grant a request if that does no more than was asked, or change nothing.

    Raises LinkClosed if its link would be closed all the same, and what `request_answers.grant` raises.
    """
    before = request_answers.asked(session, actor_id, request_id, now)  # earlier ones may have opened its link
    cure = _cure(before)
    if cure is None or cure not in {*MILD, expected}:
        raise LinkClosed(before.state)
    with savepoint(session):
        if still := request_answers.grant(session, actor_id, request_id, cure, now):
            raise LinkClosed(still.state)
