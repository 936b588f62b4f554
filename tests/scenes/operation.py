from core.domain.limits import (
    CONFIRMATION_AGAIN,
    LOG_IN_BY_ACCOUNT_AND_NETWORK,
    REQUEST_BY_NETWORK,
    SIGN_UP_BY_TICKET,
    Attempt,
)
from core.domain.mail import UNREACHABLE, MailKind
from core.domain.outbox import Kind
from core.domain.updates import ReceivedUpdate, read_update
from core.services import (
    belonging,
    challenges,
    chat_languages,
    delivery_pause,
    due_work,
    edited_messages,
    growing_notices,
    inbox,
    interruptions,
    leases,
    letters,
    limits,
    link_mails,
    mail_outbox,
    monitoring,
    outbox,
    page_settings,
    queues,
    retention,
    strangers,
    unconfirmed,
)
from core.services.due_work import Work
from core.services.inbox import Capacity
from core.services.leases import LeaderRole
from core.services.page_settings import PageSetting
from core.services.strangers import OwnerClaim
from tests.support.rich_account import MANAGER, OLIVIA, OWNER
from tests.support.scene import NOW, Scene

HOLDER = "a test"
CLAIM = OwnerClaim(secret_key="a secret", telegram_id=None)


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
    scene.show(mail_outbox.note_failure, NOW, "away")
    scene.show(mail_outbox.hasten, NOW)
    scene.show(mail_outbox.refused_of, anna, "anna@example.com")
    scene.show(mail_outbox.sweep, scene.later(days=60))
    scene.show(link_mails.sweep, scene.later(days=60))
    scene.do(mail_outbox.queue, anna, "anna@example.com", MailKind.LET_IN, "es", NOW)
    scene.show(mail_outbox.note_failure, NOW, "away")
    scene.do(mail_outbox.note_failure, NOW, UNREACHABLE)
    scene.show(mail_outbox.forget_failure, NOW)


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


def _update(number: int, sender: int, text: str, chat: int | None = None) -> ReceivedUpdate:
    message = {
        "message_id": number,
        "date": 1_700_000_000,
        "chat": {"id": chat or sender, "type": "group" if chat else "private"},
        "from": {"id": sender, "is_bot": False, "first_name": "Somebody"},
        "text": text,
    }
    return read_update({"update_id": number, "message": message})


def updates(scene: Scene) -> None:
    known, stranger = _update(1, OLIVIA, "/people"), _update(2, 1009, "/start guessed")
    in_group, edited = _update(3, 1010, "/start", -5), read_update({"update_id": 4, "edited_message": {}})
    received = (known, stranger, in_group, edited, _update(5, OLIVIA, "/help"), _update(6, 1009, "hello"))
    scene.show(inbox.worth_recording, received, CLAIM, NOW)
    scene.show(inbox.record, received, CLAIM, NOW)
    scene.show(inbox.record, [known, known], CLAIM, NOW)
    for each in received:
        scene.show(strangers.entry, each, CLAIM, NOW)
        scene.show(strangers.admit, each, CLAIM, NOW)
    scene.do(inbox.record, received, CLAIM, NOW)
    scene.show(inbox.record, received, CLAIM, NOW)
    scene.show(inbox.counts)
    scene.show(inbox.anything_to_do, NOW)
    for most in (1, 9):
        scene.show(inbox.claim, Capacity(holder=HOLDER, at_most=most, strangers_at_most=1), NOW)
    claims = scene.do(inbox.claim, Capacity(holder=HOLDER, at_most=9, strangers_at_most=1), NOW)
    for claim in claims:
        scene.show(edited_messages.earlier, claim)
        scene.show(inbox.is_done_already, claim, NOW)
        scene.show(inbox.renew, HOLDER, [claim.update_id], scene.later(minutes=1))
        scene.show(inbox.put_back, HOLDER, [claim], NOW)
        scene.show(inbox.begin_answer, claim)
        scene.show(inbox.give_up, claim, NOW)
        scene.show(inbox.mark_unconfirmed, claim, NOW)
        scene.show(inbox.finish, [claim])
    scene.do(inbox.mark_unconfirmed, claims[0], NOW)
    scene.show(unconfirmed.listing, OWNER, NOW)
    scene.show(unconfirmed.listing, OWNER, scene.later(days=30))
    scene.show(interruptions.find, OWNER, 1)
    scene.show(interruptions.find, MANAGER, 1)
    for days in (1, 7, 60):
        scene.show(inbox.sweep, scene.later(days=days))


def what_may_not_have_arrived(scene: Scene) -> None:
    for message in scene.do(outbox.claim, HOLDER, NOW):
        scene.do(outbox.start, message.message_id, HOLDER, NOW)
        scene.do(outbox.refuse, message.message_id, HOLDER, NOW, reason="too long, by far")
    scene.show(unconfirmed.listing, OWNER, NOW)
    scene.show(unconfirmed.listing, OWNER, scene.later(days=8))


def the_limits(scene: Scene) -> None:
    for limit in (SIGN_UP_BY_TICKET, CONFIRMATION_AGAIN, REQUEST_BY_NETWORK, LOG_IN_BY_ACCOUNT_AND_NETWORK):
        attempts = [Attempt(limit=limit, subject="somebody")]
        with scene.apart():
            for number in range(12):
                moment = scene.later(minutes=number)
                scene.show(limits.check, attempts, moment)
                scene.show(limits.count, attempts, moment)
                if not scene.do(limits.try_count, attempts[0], moment):
                    break
            scene.show(limits.can_count, attempts, NOW)
            scene.show(limits.give_back, attempts)
            scene.show(limits.take_back, attempts, NOW)
            for hours in (1, 24, 24 * 31):
                scene.show(limits.any_expired, scene.later(hours=hours))
                scene.show(limits.sweep, scene.later(hours=hours))
    scene.show(limits.add_left_out, "updates", 3)
    scene.show(limits.left_out)


def proofs_of_work(scene: Scene) -> None:
    for number in (None, "", "17"):
        scene.show(challenges.check, number, NOW)
    scene.show(challenges.asked_for_lost_passwords, NOW)
    scene.do(page_settings.change, OWNER, PageSetting.CHALLENGE, "on", NOW)
    scene.show(challenges.asked_for_lost_passwords, NOW)
    scene.do(limits.count, challenges.end_of("17"), NOW)
    scene.show(challenges.check, "17", NOW)
    scene.show(challenges.ends_soon, "a link", NOW)
    scene.show(challenges.prolong, "a link", NOW)


def whose_database(scene: Scene) -> None:
    for user in ("sandbox", "bot 7"):
        scene.show(belonging.check, user)
        scene.show(belonging.preview, user)
        scene.show(belonging.begin_use, user)
        scene.show(belonging.adopt, user, NOW)
    scene.do(belonging.adopt, "sandbox", NOW)
    scene.show(belonging.check, "bot 7")
    scene.show(belonging.preview, "bot 7")
    scene.show(belonging.adopt, "bot 7", NOW)
