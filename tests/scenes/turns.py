"""What takes a second step: a group that has a digest already, notices that grow, a pause, and processes that end."""

from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.cadence import parse_cadence
from core.domain.limits import LOG_IN_BY_ACCOUNT, Attempt
from core.domain.outbox import Kind, MessageState
from core.services import (
    chats,
    delivery_pause,
    departments,
    group_digests,
    growing_notices,
    leases,
    limits,
    mail_outbox,
    monitoring,
    outbox,
    pending_sign_ups,
    person_drafts,
    policies,
    profile_removal,
    profiles,
    questions,
    redemption,
    reminder_moving,
    roles,
    sessions,
    takeovers,
    telegram_connections,
    time_zone,
)
from core.services.department_removal import preview, remove
from core.services.leases import LeaderRole
from core.services.monitoring import Trouble
from core.services.profiles import Draft
from core.services.questions import About
from core.services.redemption import SignedUp
from core.services.sessions import Credentials
from core.services.time_zone import Keep
from core.storage.tables import OutboxMessage, OutgoingMail, Profile, Question, Reminder
from tests.support.account import FAST_HASH
from tests.support.rich_account import CREW, MANAGER, MARIA, OLIVIA, OWNER, RECRUITER, a_form, token_of
from tests.support.scene import NOW, Scene

ONE, OTHER, BORIS = "one", "another", 2001
DAILY = parse_cadence("daily 07:30")


def a_group_that_has_a_digest(scene: Scene) -> None:
    scene.do(group_digests.order, MANAGER, CREW, None, NOW)
    once = max(scene.session.scalars(select(Question.id)))
    scene.show(group_digests.wanted, MANAGER, once, NOW)
    scene.show(group_digests.confirm, MANAGER, once, NOW)
    scene.do(group_digests.order, MANAGER, CREW, DAILY, NOW)
    scene.do(group_digests.confirm, MANAGER, max(scene.session.scalars(select(Question.id))), NOW)
    for cadence in (None, DAILY, parse_cadence("weekly fri 18:00")):
        scene.show(group_digests.order, MANAGER, CREW, cadence, NOW)
    scene.do(chats.lost, CREW.chat_id, NOW)
    scene.show(group_digests.order, MANAGER, CREW, DAILY, NOW)
    scene.show(group_digests.order, scene.person("Anna"), CREW, DAILY, NOW)


def notices_that_grow(scene: Scene) -> None:
    for kind in (Kind.APPROVAL_WANTED, Kind.ACCESS_WANTED, Kind.FIRST_LEARNER):
        scene.do(outbox.queue, OWNER, OLIVIA, kind, 1, NOW)
        messages = scene.do(outbox.claim, ONE, NOW)
        for message in messages:
            scene.show(growing_notices.start, message, ONE, NOW)
            scene.show(growing_notices.start, message, OTHER, NOW)
            scene.do(growing_notices.start, message, ONE, NOW)
            scene.do(outbox.finish, message.message_id, ONE, NOW, grows_in=55)
    for hours in (0, 1, 23, 25, 800):
        scene.show(growing_notices.message_of, OWNER, scene.later(hours=hours))
    scene.show(growing_notices.end_at, OWNER, 55, NOW)
    scene.show(growing_notices.end_at, OWNER, 56, NOW)
    scene.show(growing_notices.end, OWNER)
    scene.do(growing_notices.end, OWNER)
    scene.show(growing_notices.message_of, OWNER, NOW)


def a_pause(scene: Scene) -> None:
    scene.session.execute(update(OutboxMessage).values(state=MessageState.SENT, ended_at=scene.later(days=-2)))
    numbers = []
    for chat_id in (OLIVIA, MARIA, CREW.chat_id, BORIS):
        scene.do(outbox.queue, OWNER, chat_id, Kind.FIRST_LEARNER, 1, NOW)
        numbers.append(max(scene.session.scalars(select(OutboxMessage.id))))
    sending = {"state": MessageState.SENDING, "holder": ONE, "not_before": scene.later(minutes=1)}
    scene.session.execute(update(OutboxMessage).where(OutboxMessage.id.in_(numbers)).values(sending))
    for number in numbers:
        scene.show(outbox.chat_unknown, number, OTHER, NOW)
        scene.show(outbox.chat_unknown, number, ONE, NOW)
        scene.do(outbox.chat_unknown, number, ONE, NOW)
    scene.show(delivery_pause.paused_since)
    scene.show(delivery_pause.next_probe)
    for seconds in (-60, 0, 59, 60, 61):
        scene.show(delivery_pause.allowed, scene.later(seconds=seconds), at_most=9)
        scene.show(outbox.anything_to_do, scene.later(seconds=seconds))
        scene.show(outbox.claim, OTHER, scene.later(seconds=seconds))
    scene.show(delivery_pause.arrived, scene.later(seconds=30))
    scene.session.execute(update(OutboxMessage).values(unknown_since=None))
    scene.show(delivery_pause.allowed, scene.later(seconds=61), at_most=9)


def a_chat_that_is_lost_after_others_were_reached(scene: Scene) -> None:
    scene.do(outbox.queue, MANAGER, MARIA, Kind.FIRST_LEARNER, 1, NOW)
    number = max(scene.session.scalars(select(OutboxMessage.id)))
    for minutes in (0, 1):
        again = {"state": MessageState.SENDING, "holder": ONE, "not_before": scene.later(minutes=minutes)}
        scene.session.execute(update(OutboxMessage).where(OutboxMessage.id == number).values(again))
        scene.session.expire_all()
        scene.show(outbox.chat_unknown, number, ONE, scene.later(minutes=minutes))
        scene.do(outbox.chat_unknown, number, ONE, scene.later(minutes=minutes))
        reached = {"state": MessageState.SENT, "ended_at": scene.later(seconds=20), "not_before": scene.later(hours=1)}
        scene.session.execute(update(OutboxMessage).where(OutboxMessage.id != number).values(reached))


def troubles(scene: Scene) -> None:
    scene.show(monitoring.record_poll, NOW, Trouble.CLOCK_DIFFERS)
    scene.do(monitoring.record_poll, NOW, Trouble.CLOCK_DIFFERS)
    for seconds in (-1, 0, 1):
        scene.show(monitoring.record_trouble, Trouble.OTHER_POLLER, scene.later(seconds=seconds))
        with scene.apart():
            scene.do(monitoring.record_trouble, Trouble.OTHER_POLLER, scene.later(seconds=seconds))
            scene.show(monitoring.troubles)
            scene.show(monitoring.last_poll)
    scene.session.execute(update(Profile).where(Profile.name == "Nordic").values(used=1, reserved=2))
    scene.show(monitoring.disagreements)


def _by_account(known: Credentials | None) -> tuple[Attempt, ...]:
    return (Attempt(limit=LOG_IN_BY_ACCOUNT, subject=str(known and known.user_id)),)


def logging_in(scene: Scene) -> None:
    for identifier in ("anna@example.com", "ANNA", "nobody@example.com", ""):
        scene.show(sessions.prepare, identifier, _by_account, NOW)
    known = scene.do(sessions.credentials, "anna@example.com")
    assert known is not None
    for _ in range(100):
        scene.do(limits.count, _by_account(known), NOW)
    for minutes in (0, 4, 6):
        scene.show(sessions.prepare, "anna@example.com", _by_account, scene.later(minutes=minutes))
    scene.show(sessions.renew_hash, known, FAST_HASH + "x")
    scene.show(sessions.renew_hash, Credentials(user_id=known.user_id, password_hash="old"), FAST_HASH + "x")
    for name in ("Elena", "Wanda"):
        scene.show(sessions.start, scene.person(name), NOW)


def _own_number(session: Session) -> int:
    return len(session.scalars(select(Question.id)).all())


def questions_that_do_something(scene: Scene) -> None:
    number = scene.do(questions.ask, OWNER, About.UNDO, {"a": 1}, NOW)
    scene.show(questions.then, OWNER, number, About.UNDO, _own_number, NOW)
    scene.show(questions.then, OWNER, number, About.ROLE, _own_number, NOW)
    scene.show(questions.then, MANAGER, number, About.UNDO, _own_number, NOW)
    for hours in (23, 24, 25):
        scene.show(questions.then, OWNER, number, About.UNDO, _own_number, scene.later(hours=hours))
    scene.do(questions.answer, OWNER, number, About.UNDO, NOW)
    scene.show(questions.then, OWNER, number, About.UNDO, _own_number, NOW)


def _has_ended(holder: str) -> bool:
    return holder == ONE


def processes_that_ended(scene: Scene) -> None:
    scene.show(takeovers.release_ended, _has_ended)
    scene.do(leases.take, LeaderRole.DELIVERY, ONE, NOW)
    scene.do(leases.take, LeaderRole.RECEIVING, OTHER, NOW)
    scene.do(outbox.claim, ONE, NOW)
    scene.do(mail_outbox.claim, OTHER, NOW)
    scene.show(takeovers.release_ended, _has_ended)


def departments_that_go_with_profiles(scene: Scene) -> None:
    scene.do(departments.add, OWNER, "Legal / Deep", NOW)
    for name, department in (("Contracts", "Legal"), ("Disputes", "Legal / Deep")):
        draft = Draft(name=name, department=department, window="now - +4 weeks", limit="5")
        scene.do(profiles.create, OWNER, draft, NOW)
    scene.show(preview, OWNER, "Legal", NOW)
    scene.show(remove, OWNER, "Legal", NOW)
    scene.show(remove, RECRUITER, "Legal", NOW)
    scene.show(remove, OWNER, "Empty", NOW)
    scene.do(profile_removal.remove, OWNER, (scene.profile("Contracts"),), NOW)
    scene.show(remove, OWNER, "Legal", NOW)


def _signs_up_again(scene: Scene, token: str) -> SignedUp:
    return scene.do(redemption.redeem, token, a_form(scene, "Nora"), NOW)


def forms_that_come_twice(scene: Scene) -> None:
    token = token_of(scene, "Nordic")
    _signs_up_again(scene, token)
    scene.show(redemption.redeem_and_log_in, token, a_form(scene, "Nora"), NOW)
    scene.show(redemption.redeem_and_log_in, token, a_form(scene, "Nora"), scene.later(days=60))


def reminders_in_another_zone(scene: Scene) -> None:
    scene.session.execute(update(OutgoingMail).values(state=MessageState.WAITING, not_before=scene.later(hours=20)))
    before = ZoneInfo("Asia/Kathmandu")
    for zone in ("Pacific/Kiritimati", "Pacific/Honolulu", "Asia/Kathmandu"):
        for keep in Keep:
            scene.show(time_zone.change, OWNER, zone, keep, NOW)
        scene.show(reminder_moving.preview, before, ZoneInfo(zone), NOW)
        scene.show(reminder_moving.move, before, ZoneInfo(zone), NOW)
    assert scene.session.scalars(select(Reminder.id)).first()


def who_waited_is_welcomed_in_telegram(scene: Scene) -> None:
    wanda = scene.person("Wanda")
    link = scene.do(telegram_connections.link, wanda, NOW) or ""
    scene.do(telegram_connections.accept, link.rpartition("=")[2], 3001, "ru", NOW)
    scene.show(pending_sign_ups.approve, OWNER, wanda, NOW)
    scene.show(pending_sign_ups.decline, OWNER, wanda, "", NOW)
    scene.do(policies.limit_seats, OWNER, "1", NOW)
    scene.show(pending_sign_ups.approve, OWNER, wanda, NOW)


def departments_below_which_others_may_be_added(scene: Scene) -> None:
    rights = Permission.MANAGE_DEPARTMENTS, Permission.MANAGE_PEOPLE, Permission.MANAGE_PROFILES
    scene.do(roles.change, OWNER, "Spare", rights, NOW)
    scene.do(roles.assign, OWNER, scene.person("Rita"), "Spare", ("Support", "Operations"), NOW)
    for path in ("Nowhere", "Sales / Nowhere", "Support / Day", "Suport", "Night"):
        scene.show(person_drafts.find_department, RECRUITER, path)
