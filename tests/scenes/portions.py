"""What is done, or listed, a few at a time, with limits so small that something is left for the next time."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from unittest import mock

from sqlalchemy import update

from core.domain.outbox import Kind, MessageState
from core.domain.rosters import RosterOf
from core.services import (
    access_requests,
    alerts,
    department_picker,
    digests,
    mail_outbox,
    outbox,
    password_requests,
    pending_sign_ups,
    people,
    profile_links,
    progress_lookup,
    request_notices,
    retention,
    roster_links,
    rosters,
    status_pages,
    telegram_connections,
)
from core.storage.tables import AccessRequest, Account, OutboxMessage, OutgoingMail
from tests.support.rich_account import OLIVIA, OWNER
from tests.support.scene import NOW, Scene

ONE, OTHER = "one", "another"


@contextmanager
def _one(limit: str, *modules: ModuleType) -> Iterator[None]:
    """Let a limit of modules be 1 meanwhile."""
    with ExitStack() as patched:
        for module in modules:
            patched.enter_context(mock.patch.object(module, limit, 1))
        yield


def what_ends_by_the_clock(scene: Scene) -> None:
    with _one("BATCH", access_requests, pending_sign_ups, digests, retention):
        scene.show(access_requests.expire, scene.later(days=400))
        scene.show(pending_sign_ups.release_expired, scene.later(days=60))
        scene.show(digests.queue_due, scene.later(days=40))
        scene.session.execute(update(Account).values(names_kept_days=10))
        for name in ("Dev", "Farid"):
            scene.do(people.delete, OWNER, scene.person(name), NOW)
        for days in (9, 10, 11):
            scene.show(retention.sweep_names, scene.later(days=days))


def what_is_told(scene: Scene) -> None:
    scene.session.execute(update(AccessRequest).values(announced=False))
    for who in ("anna@example.com", "boris@example.com"):
        scene.do(password_requests.ask, who, NOW)
    for name, chat_id in (("Anna", 3001), ("Gita", 3002)):
        link = scene.do(telegram_connections.link, scene.person(name), NOW) or ""
        scene.do(telegram_connections.accept, link.rpartition("=")[2], chat_id, "en", scene.later(days=-30))
    told = request_notices, password_requests, telegram_connections, alerts
    with _one("BATCH", *told), _one("MOST_LISTED", password_requests):
        scene.show(request_notices.announce, scene.later(hours=1))
        scene.show(password_requests.announce, NOW)
        scene.show(password_requests.wanted, OWNER)
        scene.do(password_requests.announce, NOW)
        scene.show(password_requests.announce, scene.later(minutes=11))
        scene.show(password_requests.wanted, OWNER)
        scene.show(telegram_connections.announce_courses, scene.later(hours=1))
        scene.show(alerts.tell, scene.later(days=10))


def what_was_left_by_an_ended_process(scene: Scene) -> None:
    for kind in (Kind.RUSH, Kind.FIRST_LEARNER):
        scene.do(outbox.queue, OWNER, OLIVIA, kind, 1, NOW)
    sending = {"state": MessageState.SENDING, "holder": ONE, "not_before": NOW}
    scene.session.execute(update(OutboxMessage).values(sending))
    scene.session.execute(update(OutgoingMail).values(sending))
    with _one("BATCH", outbox, mail_outbox):
        scene.show(outbox.claim, OTHER, scene.later(minutes=5), at_most=9, files_at_most=9)
        scene.show(mail_outbox.claim, OTHER, scene.later(minutes=5), at_most=9)


def what_is_listed(scene: Scene) -> None:
    roster = RosterOf(department_id=scene.department("Sales"))
    pages, links = _one("MOST_PAGES", status_pages), _one("MOST_LINKS", roster_links)
    with _one("COMPARED", progress_lookup, rosters), _one("MOST_LABELS", profile_links), pages, links:
        for sought in ("nordik", "autum", "Unusd"):
            scene.show(rosters.find, OWNER, sought)
            scene.show(progress_lookup.find, OWNER, sought)
        scene.show(profile_links.labelled, OWNER)
        with _one("RECENT", department_picker):
            scene.show(department_picker.choices, OWNER, None, 0)
        scene.show(roster_links.leading_to, roster, NOW)
        for name in ("Wanda", "Wanda"):
            scene.show(status_pages.begin, scene.person(name), NOW)
            scene.do(status_pages.begin, scene.person(name), NOW)
