from core.domain.mail import MailKind
from core.domain.outbox import Kind
from core.services import (
    chat_languages,
    delivery_pause,
    due_work,
    growing_notices,
    leases,
    letters,
    link_mails,
    mail_outbox,
    monitoring,
    outbox,
    queues,
    retention,
)
from core.services.due_work import Work
from core.services.leases import LeaderRole
from tests.support.rich_account import MANAGER, OLIVIA, OWNER
from tests.support.scene import NOW, Scene

HOLDER = "a test"


def messages(scene: Scene) -> None:
    scene.show(outbox.counts)
    scene.show(outbox.anything_to_do, NOW)
    scene.show(outbox.claim, HOLDER, NOW)
    scene.show(outbox.claim, HOLDER, NOW, at_most=1)
    for user in (OWNER, MANAGER, scene.person("Anna")):
        scene.show(outbox.notify, user, Kind.RUSH, 5, NOW)
        scene.show(outbox.notify_once, user, Kind.RUSH, 5, NOW)
    scene.do(outbox.notify, OWNER, Kind.RUSH, 5, NOW)
    for minutes in (1, 59, 60, 61):
        scene.show(outbox.notify_once, OWNER, Kind.RUSH, 6, scene.later(minutes=minutes))
    claimed = scene.do(outbox.claim, HOLDER, NOW)
    for message in claimed:
        number = message.message_id
        scene.show(outbox.start, number, HOLDER, NOW)
        scene.show(outbox.start, number, "another", NOW)
        scene.show(outbox.put_back, number, HOLDER)
        scene.show(outbox.postpone, number, HOLDER, scene.later(minutes=1))
        scene.do(outbox.start, number, HOLDER, NOW)
        scene.show(outbox.drop, number, HOLDER, NOW)
        scene.show(outbox.postpone, number, HOLDER, scene.later(minutes=1))
        scene.show(outbox.finish, number, HOLDER, NOW, grows_in=7)
        scene.show(outbox.refuse, number, HOLDER, NOW)
        scene.show(outbox.chat_unknown, number, HOLDER, NOW)
    for minutes in (1, 5, 60):
        scene.show(outbox.claim, "another", scene.later(minutes=minutes))
    scene.show(outbox.hasten, NOW)
    scene.show(outbox.chat_lost, OLIVIA, NOW)
    scene.show(outbox.chat_moved, OLIVIA, -7)
    for days in (29, 30, 31):
        scene.do(outbox.finish, claimed[0].message_id, HOLDER, NOW)
        scene.show(outbox.sweep, scene.later(days=days))


def letters_on_their_way(scene: Scene) -> None:
    scene.show(mail_outbox.counts)
    for moment in (NOW, scene.later(days=-3), scene.later(days=9)):
        scene.show(mail_outbox.anything_to_do, moment)
        scene.show(mail_outbox.claim, HOLDER, moment)
    scene.show(mail_outbox.claim, HOLDER, NOW, at_most=2)
    anna = scene.person("Anna")
    for kind in MailKind:
        scene.show(mail_outbox.queue, anna, "anna@example.com", kind, "es", NOW)
    for number in scene.do(mail_outbox.claim, HOLDER, NOW):
        scene.show(letters.begin, number, HOLDER, NOW)
        scene.show(letters.begin, number, "another", NOW)
        scene.show(letters.begin, number, HOLDER, scene.later(days=60))
        scene.show(mail_outbox.put_back, [number], HOLDER)
        scene.do(letters.begin, number, HOLDER, NOW)
        scene.show(mail_outbox.finish, number, HOLDER, NOW)
        scene.show(mail_outbox.mark_unconfirmed, number, HOLDER, NOW)
        for for_address in (True, False):
            scene.show(mail_outbox.refuse, number, HOLDER, NOW, "550 no such user", for_address=for_address)
        scene.show(mail_outbox.postpone, number, HOLDER, NOW, "421 later")
    scene.show(mail_outbox.hasten, NOW)
    scene.show(mail_outbox.refused_of, anna, "anna@example.com")
    scene.show(mail_outbox.sweep, scene.later(days=60))
    scene.show(link_mails.sweep, scene.later(days=60))


def pauses(scene: Scene) -> None:
    scene.show(delivery_pause.paused_since)
    scene.show(delivery_pause.next_probe)
    scene.show(delivery_pause.allowed, NOW, at_most=50)
    scene.show(delivery_pause.arrived, NOW)
    for number in range(1, 4):
        for message in scene.do(outbox.claim, HOLDER, scene.later(minutes=number)):
            scene.do(outbox.start, message.message_id, HOLDER, NOW)
            scene.show(outbox.chat_unknown, message.message_id, HOLDER, scene.later(minutes=number))
            scene.do(outbox.chat_unknown, message.message_id, HOLDER, scene.later(minutes=number))
        scene.show(delivery_pause.paused_since)
        scene.show(delivery_pause.next_probe)
        scene.show(delivery_pause.judge, NOW, scene.later(minutes=number))
        scene.show(delivery_pause.allowed, scene.later(minutes=number), at_most=50)
    scene.show(delivery_pause.arrived, scene.later(minutes=4))


def growing(scene: Scene) -> None:
    for user in (OWNER, MANAGER):
        scene.show(growing_notices.message_of, user, NOW)
        scene.show(growing_notices.end, user)
        scene.show(growing_notices.end_at, user, 7, NOW)
    for kind in (Kind.RUSH, Kind.FIRST_LEARNER, Kind.APPROVAL_WANTED, Kind.ACCESS_WANTED):
        with scene.apart():
            scene.do(outbox.notify, MANAGER, kind, 5, NOW)
            for message in scene.do(outbox.claim, HOLDER, NOW):
                scene.show(growing_notices.start, message, HOLDER, NOW)


def watching(scene: Scene) -> None:
    scene.show(monitoring.record_poll, NOW)
    scene.show(monitoring.troubles)
    scene.show(monitoring.last_poll)
    scene.show(monitoring.clock_difference, NOW)
    scene.show(monitoring.disagreements)
    scene.show(monitoring.miscounted_seats)
    for minutes in (0, 1, 60):
        scene.show(queues.ages, scene.later(minutes=minutes))
    for days in (0, 1, 60):
        scene.show(due_work.due, tuple(Work), scene.later(days=days))
    for role in LeaderRole:
        scene.show(leases.take, role, HOLDER, NOW)
        scene.do(leases.take, role, HOLDER, NOW)
        for seconds in (1, 15, 30, 60, 300):
            scene.show(leases.take, role, "another", scene.later(seconds=seconds))
        scene.show(leases.take, role, HOLDER, scene.later(seconds=1))
        scene.show(leases.release, role, HOLDER)
        scene.show(leases.release, role, "another")
    scene.show(retention.sweep_lists, scene.later(days=60))


def languages(scene: Scene) -> None:
    for language in ("es", "xx", "en"):
        scene.show(chat_languages.remember_language, OWNER, language)
        scene.show(chat_languages.choose_language, OWNER, language)
    scene.show(chat_languages.choose_language, OWNER, None)
