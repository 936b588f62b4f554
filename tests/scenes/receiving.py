from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.inbox import Standing, UpdateState
from core.domain.updates import ReceivedUpdate
from core.errors import ClaimLost, DatabaseBelongsElsewhere
from core.services import belonging, departments, edited_messages, inbox, interruptions, profile_requests, repetitions
from core.services.authorisation import authorise
from core.services.dialogues import ShownForm
from core.services.inbox import Capacity, Claim
from core.storage.tables import InboxUpdate
from tests.support.received import NO_CLAIM, OTHER_STRANGER, STRANGER, a_joining, a_message, a_tap, an_edit
from tests.support.rich_account import MANAGER, MARIA, NOBODY, OLIVIA, OWNER, RECRUITER
from tests.support.scene import NOW, Scene

ONE, OTHER = "one", "another"
CAPACITY = Capacity(holder=ONE, at_most=10, strangers_at_most=1)


def _claimed(scene: Scene, *updates: ReceivedUpdate) -> list[Claim]:
    """Receive updates and claim them."""
    _, claims = scene.do(inbox.record_and_claim, updates, NO_CLAIM, CAPACITY, NOW)
    return claims


def receiving(scene: Scene) -> None:
    updates = (
        a_message(1),
        a_message(2, MARIA),
        a_message(3, STRANGER),
        a_tap(4),
        a_joining(5),
        a_message(6, MARIA, chat=-5),
    )
    scene.show(inbox.anything_to_do, NOW)
    scene.show(inbox.worth_recording, updates, NO_CLAIM, NOW)
    scene.show(inbox.record, updates, NO_CLAIM, NOW)
    scene.do(inbox.record, updates[:2], NO_CLAIM, NOW)
    scene.show(inbox.record, updates, NO_CLAIM, NOW)
    scene.show(inbox.anything_to_do, NOW)
    scene.show(inbox.record_and_claim, updates, NO_CLAIM, CAPACITY, NOW)
    scene.show(inbox.claim, CAPACITY, NOW)
    scene.show(inbox.claim, Capacity(holder=ONE, at_most=1, strangers_at_most=1), NOW)
    scene.show(inbox.counts)


def claiming_and_renewing(scene: Scene) -> None:
    scene.do(
        inbox.record, (a_message(1), a_message(2, STRANGER), a_message(3, OTHER_STRANGER), a_tap(4)), NO_CLAIM, NOW
    )
    for at_most, strangers_at_most in ((10, 10), (10, 1), (10, 0), (1, 9), (0, 9)):
        scene.show(inbox.claim, Capacity(holder=ONE, at_most=at_most, strangers_at_most=strangers_at_most), NOW)
    claims = scene.do(inbox.claim, CAPACITY, NOW)
    scene.show(inbox.renew, ONE, [each.update_id for each in claims], scene.later(seconds=9))
    scene.show(inbox.renew, OTHER, [each.update_id for each in claims], scene.later(seconds=9))
    scene.show(inbox.claim, Capacity(holder=ONE, at_most=10, strangers_at_most=1, passing=(1,)), NOW)
    for seconds in (14, 16):
        scene.show(inbox.anything_to_do, scene.later(seconds=seconds))
        scene.show(inbox.claim, Capacity(holder=OTHER, at_most=9, strangers_at_most=9), scene.later(seconds=seconds))
    scene.show(inbox.put_back, ONE, claims, NOW)
    scene.show(inbox.put_back, OTHER, claims, NOW)
    answered = Capacity(holder=ONE, at_most=9, strangers_at_most=9, answered=claims)
    scene.show(inbox.claim, answered, NOW)
    scene.show(inbox.record_and_claim, (a_message(9, MARIA),), NO_CLAIM, answered, NOW)


def _add_a_department(session: Session) -> str:
    return " / ".join(departments.add(session, OWNER, "Legal", NOW).path)


def _tried(session: Session, step: Callable[..., object], *args: object) -> object:
    """Take a step, or say why it can't be taken, where that is no refusal."""
    try:
        return step(session, *args)
    except (ClaimLost, DatabaseBelongsElsewhere) as lost:
        return f"{type(lost).__name__} {lost}"


def answering(scene: Scene) -> None:
    [claim, tap] = _claimed(scene, a_message(1), a_tap(2, sender=MARIA))
    scene.show(_tried, inbox.carry_out, claim, _add_a_department)
    scene.show(_tried, inbox.carry_out, tap, _add_a_department)
    for step in (inbox.begin_answer, lambda session, each: inbox.finish(session, [each])):
        scene.show(_tried, step, claim)
    for ending in (inbox.give_up, inbox.mark_unconfirmed):
        scene.show(_tried, ending, claim, NOW)
    shown = ShownForm(user_id=OWNER, chat_id=OLIVIA, turn=1, message_id=5)
    scene.show(inbox.finish, [claim, tap], [shown])
    scene.do(inbox.carry_out, claim, _add_a_department)
    scene.show(_tried, inbox.carry_out, claim, _add_a_department)
    scene.show(inbox.put_back, ONE, [claim, tap], NOW)
    scene.do(inbox.begin_answer, tap)
    scene.show(_tried, inbox.begin_answer, tap)
    scene.show(inbox.put_back, ONE, [claim, tap], NOW)
    scene.do(inbox.finish, [claim])
    for ending in (inbox.give_up, inbox.mark_unconfirmed):
        scene.show(_tried, ending, claim, NOW)
    for days in (2, 3, 4):
        scene.show(inbox.sweep, scene.later(days=days))


def tapping_twice(scene: Scene) -> None:
    [first] = _claimed(scene, a_tap(1))
    scene.do(inbox.carry_out, first, _add_a_department)
    scene.do(inbox.finish, [first])
    for seconds in (1, 59, 61):
        for again in (a_tap(2), a_tap(2, "seats:2"), a_message(2), a_tap(2, sender=MARIA)):
            with scene.apart():
                [claim] = _claimed(scene, again)
                scene.show(inbox.is_done_already, claim, scene.later(seconds=seconds))


def interrupted_answers(scene: Scene) -> None:
    [claim] = _claimed(scene, a_message(1, text="/start SECRET"))
    for changes in (
        {"effected": True},
        {"state": UpdateState.ANSWERING},
        {"tries": 49},
        {"tries": 50},
        {"tries": 50, "sender_id": STRANGER},
        {"tries": 50, "sender_id": None},
    ):
        with scene.apart():
            scene.session.execute(update(InboxUpdate).values(**changes))
            scene.session.expire_all()
            scene.show(_settle_all)
    scene.show(interruptions.find, OWNER, 1)
    scene.show(interruptions.find, MANAGER, 1)
    scene.show(interruptions.find, OWNER, NOBODY)
    scene.show(interruptions.find, scene.person("Anna"), 1)
    scene.do(inbox.carry_out, claim, _add_a_department)
    scene.show(interruptions.find, OWNER, 1)


def _settle_all(session: Session) -> None:
    for lost in session.scalars(select(InboxUpdate)):
        interruptions.settle(session, lost, NOW)


def editing_messages(scene: Scene) -> None:
    [sent] = _claimed(scene, a_message(1))
    [edit] = scene.do(inbox.record_and_claim, (an_edit(3, 1),), NO_CLAIM, CAPACITY, NOW)[1] or [
        Claim(update_id=3, holder=ONE, turn=1, standing=Standing.KNOWN, body=an_edit(3, 1).body, sender=None)
    ]
    scene.show(edited_messages.earlier, edit)
    scene.do(inbox.carry_out, sent, _add_a_department)
    scene.do(inbox.finish, [sent])
    scene.show(edited_messages.earlier, edit)
    with scene.apart():
        scene.do(inbox.record, (a_message(2, text="/people"),), NO_CLAIM, NOW)
        scene.show(edited_messages.earlier, edit)
    unknown = Claim(update_id=4, holder=ONE, turn=1, standing=Standing.KNOWN, body=an_edit(4, 9).body, sender=None)
    scene.show(edited_messages.earlier, unknown)


def databases_that_change_hands(scene: Scene) -> None:
    for user in ("4711", "sandbox"):
        scene.show(_tried, belonging.begin_use, user)
        scene.show(_tried, belonging.check, user)
        scene.show(belonging.preview, user)
        scene.show(belonging.adopt, user, NOW)
    for first, second in (("4711", "sandbox"), ("sandbox", "4711")):
        with scene.apart():
            scene.do(belonging.adopt, first, NOW)
            _claimed(scene, a_message(1))
            for user in (first, second):
                scene.show(_tried, belonging.begin_use, user)
                scene.show(_tried, belonging.check, user)
                scene.show(belonging.preview, user)
                scene.show(belonging.adopt, user, NOW)


def _fifty_five(_session: Session) -> int:
    return 55


def _itself(made: int) -> int:
    return made


def _once(session: Session, user_id: int, now: datetime, within: timedelta = repetitions.WITHIN) -> int:
    return repetitions.once(session, user_id, "/new Autumn", _fifty_five, _itself, now, within=within)


def _anew(session: Session, now: datetime, instead_of: int) -> int:
    return repetitions.anew(session, OWNER, "/new Autumn", _fifty_five, _itself, now, instead_of=instead_of)


def repeated_lines(scene: Scene) -> None:
    scene.show(_once, OWNER, NOW)
    scene.do(_once, OWNER, NOW)
    for minutes in (9, 10, 11):
        scene.show(_once, OWNER, scene.later(minutes=minutes))
    scene.show(_once, OWNER, scene.later(minutes=3), timedelta(minutes=2))
    scene.show(_once, MANAGER, NOW)
    for instead_of in (55, 54):
        scene.show(_anew, scene.later(minutes=1), instead_of)
    scene.do(repetitions.is_news, MANAGER, "/new Autumn", NOW, within=timedelta(minutes=1))
    scene.show(_once, MANAGER, NOW)


def free_sentences(scene: Scene) -> None:
    for text in (
        "new link for sales until friday, 30 people",
        "new link for the nordics from tomorrow until 24 December",
        "new link for legal until friday",
        "new link for late until friday",
        'new link "Winter" for support, 5 people, until yesterday',
        "new link for sales / emea, no limit",
        "link for emae until 3000-01-01",
        "hello",
    ):
        scene.show(_answers_of, OWNER, text)
        scene.show(_answers_of, RECRUITER, text)


def _answers_of(session: Session, actor_id: int, text: str) -> object:
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return profile_requests.answers_of(session, actor, text, NOW)
