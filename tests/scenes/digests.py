from sqlalchemy import select

from core.domain.cadence import parse_cadence
from core.services import (
    chats,
    digest_cards,
    digest_charts,
    digest_editing,
    digest_resuming,
    digest_spreadsheets,
    digests,
    group_digests,
    home,
    interruptions,
    outbox,
    questions,
    roster_pages,
    undelivered_digests,
)
from core.services.questions import About
from core.storage.tables import DigestRun
from tests.support.rich_account import CREW, LIAM, LISTENER, MANAGER, NOBODY, OLIVIA, OWNER, RECRUITER
from tests.support.scene import NOW, Scene

DAILY = parse_cadence("daily 18:00")
EVERY = ("weekly mon 09:00", "monthly 31 06:30", "daily 00:00")


def _runs(scene: Scene) -> list[int]:
    return list(scene.session.scalars(select(DigestRun.id).order_by(DigestRun.id)))


def _asked(scene: Scene, actor: int) -> int:
    """Return the number of the question whether a group is to get the digest."""
    found = scene.do(questions.newest, actor, About.GROUP_DIGEST, scene.later(days=-1))
    assert found is not None
    return found[0]


def subscribing(scene: Scene) -> None:
    for actor in (OWNER, MANAGER, LISTENER, RECRUITER):
        scene.show(digests.subscription, actor)
        scene.show(digest_cards.listing, actor)
        scene.show(digests.subscribe, actor, DAILY, 1000 + actor, NOW)
        scene.show(digests.unsubscribe, actor, NOW)
        scene.show(digests.request, actor, 1000 + actor, NOW)
    for cadence in EVERY:
        scene.show(digests.subscribe, OWNER, parse_cadence(cadence), OLIVIA, NOW)
    scene.show(digests.unsubscribe, OWNER, NOW, chat_id=CREW.chat_id)
    scene.show(digests.unsubscribe, OWNER, NOW, chat_id=-9)


def content(scene: Scene) -> None:
    for run in _runs(scene):
        for actor in (OWNER, MANAGER, LISTENER):
            scene.show(digests.summary, actor, run)
        scene.show(digests.summary, OWNER, run, in_detail=True)
        scene.show(digests.again, OWNER, run)
        scene.show(roster_pages.page, OWNER, 0, run_id=run, only_missing=True)
        scene.show(digest_charts.chart, OWNER, run)
        scene.show(digest_spreadsheets.outline, OWNER, run)
        scene.show(digest_spreadsheets.page, OWNER, run, NOW)
        scene.show(digest_spreadsheets.begin, OWNER, run, OLIVIA, NOW)
    scene.show(digest_spreadsheets.page, OWNER, _runs(scene)[0], NOW, before=9, size=2)
    scene.show(digests.summary, OWNER, NOBODY)


def of_several_people(scene: Scene) -> None:
    scene.do(digests.subscribe, LISTENER, parse_cadence("daily 18:00"), LIAM, scene.later(days=-2))
    for days in (0, 0.3, 1, 7):
        scene.show(digests.any_due, scene.later(days=days))
        scene.show(digests.queue_due, scene.later(days=days))
    scene.do(digests.queue_due, scene.later(days=8))
    for run in _runs(scene)[-5:]:
        for actor in (OWNER, MANAGER, LISTENER):
            scene.show(digests.summary, actor, run, in_detail=True)


def editing(scene: Scene) -> None:
    sales, support = scene.department("Sales"), scene.department("Support")
    for number in (1, 2, 3, 4, NOBODY):
        scene.show(digest_cards.card, OWNER, number)
        scene.show(digest_cards.profile_choices, OWNER, number, 0, NOW)
        scene.show(digest_editing.reschedule, OWNER, number, parse_cadence("weekly fri 17:00"), NOW)
        scene.show(digest_editing.choose_department, OWNER, number, support)
        scene.show(digest_editing.choose_department, OWNER, number, None)
        scene.show(digest_editing.choose_profile, OWNER, number, scene.profile("Nordic"), chosen=True)
        scene.show(digest_editing.choose_profile, OWNER, number, scene.profile("Autumn, sales"), chosen=False)
        scene.show(digest_editing.choose_all_profiles, OWNER, number)
        scene.show(digest_editing.be_quiet, OWNER, number, on=number == 1)
        scene.show(digest_editing.send_picture, OWNER, number, on=True)
        scene.show(digest_editing.send_spreadsheet, OWNER, number, on=True, seen=0)
        scene.show(digest_editing.bring_home, OWNER, number, NOW)
        scene.show(digest_editing.send, OWNER, number, NOW)
        scene.show(digest_editing.remove, OWNER, number, NOW)
    scene.show(digest_editing.choose_profile, OWNER, 2, scene.profile("On hold"), chosen=True)
    for newest in (0, 4):
        for department in (None, sales, NOBODY):
            scene.show(digest_editing.add, OWNER, department, OLIVIA, NOW, newest=newest)
    scene.show(digest_editing.add, MANAGER, support, 1003, NOW, newest=3)
    scene.do(digest_editing.remove, OWNER, 2, NOW)
    scene.show(digest_editing.restore, OWNER, 2, OLIVIA, NOW)
    scene.show(digest_editing.restore, OWNER, 2, OLIVIA, scene.later(days=60))
    scene.show(digest_editing.sweep, scene.later(days=60))
    for actor in (OWNER, MANAGER, LISTENER):
        scene.show(digest_cards.branches, actor, None, 0)
    scene.show(digest_cards.branches, OWNER, sales, 0)
    scene.show(digest_cards.branches, OWNER, NOBODY, 0)


def in_groups(scene: Scene) -> None:
    scene.show(group_digests.connections, OWNER)
    scene.show(group_digests.connections, MANAGER)
    for cadence in (None, DAILY):
        scene.show(group_digests.order, OWNER, CREW, cadence, NOW)
        scene.show(group_digests.order, MANAGER, CREW, cadence, NOW)
    scene.do(group_digests.order, MANAGER, CREW, DAILY, NOW)
    question = _asked(scene, MANAGER)
    scene.show(group_digests.wanted, MANAGER, question, NOW)
    scene.show(group_digests.wanted, OWNER, question, NOW)
    scene.show(group_digests.confirm, MANAGER, question, NOW)
    scene.show(group_digests.confirm, MANAGER, question, NOW, digest_id=3)
    scene.show(group_digests.confirm, MANAGER, question, scene.later(days=9))
    scene.show(group_digests.decline, MANAGER, question, NOW)
    scene.show(group_digests.decline, MANAGER, NOBODY, NOW)
    scene.do(group_digests.confirm, MANAGER, question, NOW)
    scene.show(group_digests.connections, OWNER)
    scene.show(group_digests.connections, MANAGER)
    for number in (1, 3, 4, NOBODY):
        scene.show(group_digests.order_move, MANAGER, CREW, number, NOW)
    scene.do(group_digests.order_move, OWNER, CREW, 1, NOW)
    scene.show(group_digests.wanted, OWNER, _asked(scene, OWNER), NOW)
    for number in (1, 3, 4, NOBODY):
        scene.show(group_digests.connected, MANAGER, number)
        scene.show(group_digests.revoke, MANAGER, number, NOW)
        scene.show(group_digests.revoke, OWNER, number, NOW)


def stopping(scene: Scene) -> None:
    scene.show(chats.lost, OLIVIA, NOW)
    scene.show(chats.moved, CREW.chat_id, -6006, NOW)
    scene.do(group_digests.order, OWNER, CREW, DAILY, NOW)
    scene.do(group_digests.confirm, OWNER, _asked(scene, OWNER), NOW)
    scene.show(chats.lost, CREW.chat_id, NOW)
    scene.do(chats.lost, CREW.chat_id, NOW)
    scene.do(chats.lost, OLIVIA, NOW)
    scene.show(digest_resuming.stopped, OWNER)
    scene.show(digest_resuming.stopped, MANAGER)
    for user in (OWNER, MANAGER):
        scene.show(digest_resuming.stopped_of, OWNER, user)
        scene.show(digest_resuming.stopped_of, MANAGER, user)
    scene.show(digest_resuming.resume, OWNER, scene.later(days=1))
    for number in (1, 2, 3, 4):
        scene.show(digest_resuming.resume, OWNER, scene.later(days=1), digest_id=number)
        scene.show(digest_resuming.lost_group_of, OWNER, number)
        scene.show(digest_resuming.stopped_with, OWNER, number)
    scene.show(digest_resuming.resume, OWNER, scene.later(days=1), lost_chat_id=CREW.chat_id)
    scene.show(digest_resuming.lost_group, OWNER, CREW.chat_id)
    scene.show(digest_resuming.lost_group, OWNER, -9)
    scene.show(digest_resuming.resume_there, OWNER, CREW.chat_id, {None: -6006}, scene.later(days=1))


def undelivered(scene: Scene) -> None:
    for actor in (OWNER, MANAGER):
        scene.show(undelivered_digests.listing, actor, NOW)
    for message in scene.do(outbox.claim, "a test", NOW):
        scene.do(outbox.start, message.message_id, "a test", NOW)
        scene.show(outbox.finish, message.message_id, "a test", NOW)
        scene.show(outbox.fail, message.message_id, "a test", NOW)
        scene.show(outbox.refuse, message.message_id, "a test", NOW, reason="too long")
        scene.show(outbox.mark_unconfirmed, message.message_id, "a test", NOW)
        scene.do(outbox.refuse, message.message_id, "a test", NOW, reason="too long")
    for actor in (OWNER, MANAGER):
        scene.show(undelivered_digests.listing, actor, NOW)
        scene.show(undelivered_digests.listing, actor, scene.later(days=30))
        scene.show(home.show, actor, NOW)
    for run in _runs(scene):
        scene.show(undelivered_digests.send_again, OWNER, run, NOW)
    scene.show(undelivered_digests.send_again, MANAGER, _runs(scene)[0], NOW)
    scene.show(interruptions.find, OWNER, 1)


def the_first_screen(scene: Scene) -> None:
    for actor in (OWNER, MANAGER, RECRUITER, LISTENER, scene.person("Anna")):
        scene.show(home.show, actor, NOW)
    scene.show(home.show, OWNER, scene.later(days=30))
