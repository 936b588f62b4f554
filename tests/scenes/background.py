"""What is written and done by the clock: letters of each kind, reminders, cards that became untrue, and undoing."""

from datetime import date

from sqlalchemy import select, update

from core.domain.cadence import parse_cadence
from core.domain.hashes import hash_of
from core.domain.mail import MailKind
from core.domain.outbox import Kind, MessageState
from core.domain.reminders import Occasion
from core.services import (
    courses,
    department_removal,
    departments,
    digests,
    group_digests,
    letters,
    link_letters,
    live_cards,
    mail_outbox,
    outbox,
    pending_sign_ups,
    policies,
    profile_editing,
    profile_removal,
    profiles,
    reminder_letters,
    sign_up_mail,
    status_pages,
)
from core.services.policies import Switch
from core.services.profiles import Draft
from core.storage.tables import DigestRun, OutboxMessage, OutgoingMail, Reminder, User
from tests.support.rich_account import ADMINISTRATOR, CREW, MANAGER, MARIA, NOBODY, OLIVIA, OWNER, RECRUITER, signs_up
from tests.support.scene import NOW, Scene

ONE, OTHER = "one", "another"
DAILY = parse_cadence("daily 07:30")


def _mails(scene: Scene) -> list[int]:
    return list(scene.session.scalars(select(OutgoingMail.id).order_by(OutgoingMail.id)))


def letters_by_what_became_of_their_reader(scene: Scene) -> None:
    anna, umesh = scene.person("Anna"), scene.person("Umesh")
    for user_id, address, kind in (
        (anna, "anna@example.com", MailKind.PASSWORD_RESET),
        (None, "anna@example.com", MailKind.PASSWORD_RESET),
        (None, "nobody@example.com", MailKind.PASSWORD_RESET),
        (None, "wanda@example.com", MailKind.LET_IN),
        (scene.person("Elena"), "elena@example.com", MailKind.SEAT_FREE),
        (MANAGER, "maria@example.com", MailKind.PASSWORD_RESET),
        (anna, "old@example.com", MailKind.ADDRESS_CHANGED),
        (None, "gone@example.com", MailKind.DECLINED),
        (umesh, "umesh@example.com", MailKind.CONFIRMATION),
        (umesh, "anna@example.com", MailKind.CONFIRMATION),
        (anna, "anna.new@example.com", MailKind.NEW_ADDRESS),
        (anna, "boris@example.com", MailKind.NEW_ADDRESS),
        (None, "yara@example.com", MailKind.ACCESS_GRANTED),
    ):
        scene.do(mail_outbox.queue, user_id, address, kind, "es", NOW)
    claimed = scene.do(mail_outbox.claim, ONE, NOW, at_most=50)
    for number in claimed:
        scene.show(letters.begin, number, ONE, NOW)
    scene.show(letters.begin, claimed[0], OTHER, NOW)
    scene.show(letters.begin, NOBODY, ONE, NOW)
    scene.session.execute(update(OutgoingMail).values(repetition=1))
    scene.session.expire_all()
    scene.show(letters.begin, claimed[-1], ONE, NOW)


def letters_about_links(scene: Scene) -> None:
    for name in ("Autumn, sales", "Full house", "Long gone", "Not yet", "On hold", "Removed"):
        for sender in (OWNER, scene.person("Rita"), scene.person("Elena")):
            scene.show(link_letters.link_content, scene.profile(name), sender, NOW)


def letters_that_end_a_wait(scene: Scene) -> None:
    for name, mail_in in (("Anna", "es"), ("Wanda", "ru"), ("Umesh", None), ("Elena", "en")):
        number = scene.person(name)
        scene.do(status_pages.begin, number, NOW, mail_in=mail_in)
        user = scene.session.get_one(User, number)
        scene.show(sign_up_mail.tell, user, MailKind.LET_IN, NOW)
        scene.show(sign_up_mail.tell_declined, user, NOW)


def letters_without_a_certain_end(scene: Scene) -> None:
    scene.do(mail_outbox.queue, None, "somebody@example.com", MailKind.PASSWORD_RESET, "ru", NOW)
    scene.do(mail_outbox.queue, scene.person("Anna"), "anna@example.com", MailKind.LET_IN, "ru", NOW)
    numbers = scene.do(mail_outbox.claim, ONE, NOW, at_most=50)
    scene.show(mail_outbox.claim, OTHER, scene.later(minutes=4))
    scene.show(mail_outbox.claim, OTHER, scene.later(minutes=6))
    for number in numbers:
        scene.do(mail_outbox.begin, number, ONE, NOW)
    scene.show(mail_outbox.claim, OTHER, scene.later(minutes=3))
    for number in numbers:
        scene.show(mail_outbox.finish, number, OTHER, NOW)
        for tries in (0, 1, 2, 9):
            with scene.apart():
                scene.session.execute(update(OutgoingMail).values(tries=tries, repetition=tries))
                scene.session.expire_all()
                scene.show(mail_outbox.postpone, number, ONE, NOW, "451 later: " + "z" * 300)
                scene.show(mail_outbox.mark_unconfirmed, number, ONE, NOW)
        scene.show(mail_outbox.mark_unconfirmed, number, ONE, scene.later(minutes=59))
    scene.show(mail_outbox.claim, OTHER, scene.later(days=30))


def _reminded(scene: Scene, name: str, occasion: Occasion, *, by: int | None, day: int) -> int:
    user = scene.session.get_one(User, scene.person(name))
    row = Reminder(
        person_key=hash_of(user.email or ""),
        day=date(2026, 12, day),
        occasion=occasion,
        user_id=user.id,
        by_id=by,
        at=NOW,
    )
    scene.session.add(row)
    scene.session.flush()
    return row.id


def reminders_to_learners(scene: Scene) -> None:
    for day, name in enumerate(("Anna", "Boris", "Gita", "Elena"), start=1):
        for place, occasion in enumerate(Occasion):
            number = _reminded(scene, name, occasion, by=(OWNER, None)[place % 2], day=day + 7 * place)
            for days in (0, 12):
                scene.show(reminder_letters.content, number, scene.later(days=days))
    scene.show(reminder_letters.in_chat, number, NOW)
    scene.show(reminder_letters.in_chat, number, scene.later(hours=10))
    left = _reminded(scene, "Boris", Occasion.NOT_STARTED, by=scene.person("Elena"), day=30)
    scene.show(reminder_letters.content, left, NOW)
    scene.show(reminder_letters.in_chat, left, NOW)


def reminders_to_expected_people(scene: Scene) -> None:
    for number in scene.session.scalars(select(Reminder.id).order_by(Reminder.id)).all():
        for days in (0, 60):
            scene.show(reminder_letters.content, number, scene.later(days=days))
        scene.show(reminder_letters.in_chat, number, NOW)


def cards_that_became_untrue(scene: Scene) -> None:
    nordic = scene.profile("Nordic")
    posted = scene.do(live_cards.post, OWNER, nordic, CREW, "es", NOW)
    scene.do(live_cards.sent, posted.card_id, 55)
    scene.do(live_cards.shared, OWNER, nordic, "inline 1", posted.face.seen, "ru", NOW)
    soon = scene.later(minutes=5)
    scene.show(live_cards.any_due, soon)
    scene.show(live_cards.claim, soon)
    scene.do(profile_editing.pause, OWNER, nordic, NOW, paused=True)
    for moment in (NOW, soon):
        scene.show(live_cards.any_due, moment)
        scene.show(live_cards.claim, moment)
    [*_, claimed] = scene.do(live_cards.claim, soon)
    scene.show(live_cards.claim, soon)
    scene.show(live_cards.begin_sending, claimed)
    scene.show(live_cards.edited, claimed.card_id, claimed.wanted, soon)
    scene.show(live_cards.send_later, claimed.card_id, scene.later(hours=1))
    scene.do(live_cards.edited, claimed.card_id, claimed.wanted, soon)
    scene.do(live_cards.stop, OWNER, posted.card_id, soon)
    later = scene.later(minutes=20)
    for stopped in scene.do(live_cards.claim, later):
        scene.show(live_cards.edited, stopped.card_id, stopped.wanted, later)
    scene.show(live_cards.claim, scene.later(minutes=40))
    scene.show(live_cards.chat_moved, CREW.chat_id, -100777, soon)
    scene.do(live_cards.chat_moved, CREW.chat_id, -100777, soon)
    for each in scene.do(live_cards.claim, scene.later(hours=1)):
        scene.show(live_cards.begin_sending, each)
    scene.show(live_cards.lost, OWNER, posted.card_id)
    scene.show(live_cards.lost, RECRUITER, posted.card_id)
    scene.show(live_cards.lose, posted.card_id, soon)


def digests_that_cannot_be_sent(scene: Scene) -> None:
    maria = scene.person("Maria")
    for user_id in (OWNER, maria, scene.person("Anna"), RECRUITER):
        run = scene.session.scalars(select(DigestRun.id).order_by(DigestRun.id)).first() or 0
        scene.show(digests.give_up, user_id, run, NOW)
        scene.show(digests.summary, user_id, run, in_detail=True)
    for run in scene.session.scalars(select(DigestRun.id).order_by(DigestRun.id)).all():
        scene.show(digests.give_up, OWNER, run, NOW)
        scene.show(digests.give_up, maria, run, NOW)
        scene.show(digests.summary, OWNER, run)
        scene.show(digests.summary, OWNER, run, in_detail=True)
    scene.show(group_digests.order, OWNER, CREW, None, NOW)
    scene.show(group_digests.order, OWNER, CREW, DAILY, NOW)


def messages_that_are_sent_again(scene: Scene) -> None:
    scene.do(outbox.queue, OWNER, OLIVIA, Kind.FIRST_LEARNER, 1, NOW)
    message = scene.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert message is not None
    scene.show(outbox.queue_again, message, (CREW.chat_id, 7), NOW)
    message.refusal = "Bad Request"
    scene.show(outbox.queue_again, message, (MARIA, None), NOW)
    sending = {"state": MessageState.SENDING, "holder": ONE, "not_before": scene.later(minutes=1)}
    for repetition in (0, 1, 2, 3, 4):
        with scene.apart():
            of_it = update(OutboxMessage).where(OutboxMessage.id == message.id)
            scene.session.execute(of_it.values(repetition=repetition, **sending))
            scene.session.expire_all()
            scene.show(outbox.mark_unconfirmed, message.id, ONE, NOW)
            scene.show(outbox.mark_unconfirmed, message.id, OTHER, NOW)
            scene.show(outbox.fail, message.id, ONE, NOW)
            scene.show(outbox.fail, message.id, ONE, NOW, reason="Forbidden: " + "y" * 400)
            scene.show(outbox.claim, OTHER, scene.later(hours=1))
    claimed = scene.do(outbox.claim, ONE, NOW)
    in_hand = [each.message_id for each in claimed]
    scene.show(outbox.claim, ONE, scene.later(seconds=20), in_hand=in_hand)
    scene.show(outbox.chat_unknown, NOBODY, ONE, NOW)
    scene.show(outbox.chat_unknown, in_hand[0], OTHER, NOW)


def removals_undone(scene: Scene) -> None:
    autumn, unused = scene.profile("Autumn, sales"), scene.profile("Unused")
    scene.do(profile_removal.remove, OWNER, (unused, autumn), NOW)
    for actor in (OWNER, ADMINISTRATOR, RECRUITER):
        for seconds in (59, 60, 61):
            scene.show(profile_removal.undo, actor, (unused, autumn), scene.later(seconds=seconds))
    for number in (scene.profile("Removed"), scene.profile("Nordic"), NOBODY):
        scene.show(profile_removal.undo, OWNER, (number,), NOW)
    for seconds in (59, 61):
        scene.show(pending_sign_ups.any_expired, scene.later(seconds=seconds))
        scene.show(pending_sign_ups.release_expired, scene.later(seconds=seconds))
    scene.do(pending_sign_ups.release_expired, scene.later(seconds=61))
    scene.show(profile_removal.undo, OWNER, (autumn,), scene.later(seconds=30))


def departments_that_go_with_who_waits(scene: Scene) -> None:
    scene.do(departments.add, OWNER, "Legal / Deep", NOW)
    scene.do(courses.add_rule, OWNER, "Legal", "Lifting, basics", NOW)
    for name in ("Contracts", "Disputes"):
        scene.do(profiles.create, OWNER, Draft(name=name, department="Legal", window="now - +4 weeks", limit="5"), NOW)
    scene.show(department_removal.preview, OWNER, "Legal", NOW)
    scene.do(policies.switch, OWNER, Switch.APPROVAL, NOW, on=True)
    signs_up(scene, "Otto", "Contracts", NOW)
    scene.do(policies.switch, OWNER, Switch.EMAIL_CONFIRMATION, NOW, on=True, can_mail=True)
    signs_up(scene, "Paula", "Disputes", NOW)
    scene.show(department_removal.preview, OWNER, "Legal", NOW)
    scene.show(department_removal.remove, OWNER, "Legal", NOW)
    scene.do(profile_removal.remove, OWNER, (scene.profile("Contracts"), scene.profile("Disputes")), NOW)
    scene.show(department_removal.preview, OWNER, "Legal", NOW)
    scene.show(department_removal.remove, OWNER, "Legal", NOW)
