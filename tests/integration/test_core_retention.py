"""How long data is kept: the account decides about lists of expected people and names of deleted people."""

from datetime import timedelta

import pytest

from core.domain.retention import Kept
from core.errors import InvalidRetention, NotAllowed, PreviewOutdated
from core.services import audit_log, people, retention, rosters
from core.services.audit_log import Action
from tests.integration.test_core_erasure import sign_up
from tests.integration.test_core_person_erasure import named
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rosters import keep, listed, within
from tests.support.rows import a_manager


async def test_names_of_deleted_people_are_kept_until_the_account_decides_otherwise(office: Office) -> None:
    engine, user_id = office.engine, await sign_up(office)
    deleted_at = engine.now()
    await engine.write(people.delete, office.owner_id, user_id, deleted_at)
    assert not await engine.write(retention.sweep_names, deleted_at + timedelta(days=10_000))
    assert "user_account" in await named(office)
    await engine.write(retention.change, office.owner_id, Kept.NAMES, "365 days", engine.now())
    await engine.write(retention.sweep_names, deleted_at + timedelta(days=365))
    assert "user_account" in await named(office)
    await engine.write(retention.sweep_names, deleted_at + timedelta(days=365, seconds=1))
    assert await named(office) == []
    newest = (await engine.read(audit_log.page, office.owner_id)).entries[0]
    assert (newest.action, newest.actor, newest.subject) == (Action.USER_ERASED, None, f"#{user_id}")
    await engine.write(retention.change, office.owner_id, Kept.NAMES, "unlimited", engine.now())
    assert (await engine.read(retention.retention, office.owner_id)).days == {Kept.LISTS: 90, Kept.NAMES: None}


async def test_names_are_erased_some_at_a_time_until_none_is_left(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    engine, user_id = office.engine, await sign_up(office)
    await engine.write(people.delete, office.owner_id, user_id, engine.now())
    await engine.write(retention.change, office.owner_id, Kept.NAMES, "1", engine.now())
    late = engine.now() + timedelta(days=2)
    assert [await engine.write(retention.sweep_names, late) for _ in range(2)] == [True, False]


async def test_a_change_says_what_ends_at_once_and_is_refused_if_that_is_no_longer_so(office: Office) -> None:
    engine, user_id = office.engine, await sign_up(office)
    await engine.write(people.delete, office.owner_id, user_id, engine.now())
    later = engine.now() + timedelta(days=2)
    shown = await engine.read(retention.preview, office.owner_id, Kept.NAMES, "1", later)
    assert (shown.before, shown.after, shown.ending) == (None, 1, 1)
    with pytest.raises(PreviewOutdated):
        await engine.write(retention.change, office.owner_id, Kept.NAMES, "1", engine.now(), seen=shown.seen)
    await engine.write(retention.change, office.owner_id, Kept.NAMES, "1", later, seen=shown.seen)
    newest = (await engine.read(audit_log.page, office.owner_id)).entries[0]
    assert (newest.action, newest.after) == (Action.RETENTION_CHANGED, {"names_kept_days": 1})


@pytest.mark.parametrize(
    ("kept", "text"), [(Kept.LISTS, "0"), (Kept.LISTS, "unlimited"), (Kept.NAMES, "3651"), (Kept.NAMES, "a year")]
)
async def test_other_than_a_number_of_days_is_refused(office: Office, kept: Kept, text: str) -> None:
    with pytest.raises(InvalidRetention):
        await office.engine.write(retention.change, office.owner_id, kept, text, office.engine.now())


async def test_who_manages_a_department_decides_nothing_about_the_account(office: Office) -> None:
    manager = await a_manager(office.engine, "Sales")
    with pytest.raises(NotAllowed):
        await office.engine.write(retention.change, manager, Kept.NAMES, "1", office.engine.now())


async def test_what_the_account_does_not_decide_is_kept_for_as_long_as_the_chat_says(office: Office) -> None:
    found = await office.engine.read(retention.retention, office.owner_id)
    kept = {name: value for name, value in vars(found).items() if name != "days"}
    assert kept == {
        "log_in_unused": timedelta(days=3),
        "log_in_longest": timedelta(days=14),
        "waiting": timedelta(days=7),
        "status_pages": timedelta(days=30),
        "requests": timedelta(days=14),
        "granted": timedelta(days=7),
        "answered": timedelta(days=30),
        "mini_app": timedelta(days=1),
        "password_links": timedelta(days=1),
        "password_requests": timedelta(days=1),
        "received": timedelta(days=3),
        "sent": timedelta(days=30),
        "mailed": timedelta(days=30),
        "reminders": timedelta(days=365),
        "searches": timedelta(days=30),
        "forms": timedelta(days=7),
        "questions": timedelta(days=1),
    }


async def test_a_number_of_days_that_is_refused_is_named_with_the_least_and_the_most(office: Office) -> None:
    with pytest.raises(InvalidRetention) as refused:
        await office.engine.write(retention.change, office.owner_id, Kept.LISTS, " 3651 ", office.engine.now())
    assert vars(refused.value) == {"text": "3651", "least": 1, "most": 3650}
    for days in (1, 3650):
        done = await office.engine.write(retention.change, office.owner_id, Kept.LISTS, str(days), office.engine.now())
        assert (done.kept, done.after) == (Kept.LISTS, days)


async def test_lists_end_when_their_days_are_over_and_the_question_counts_them(office: Office, clock: Clock) -> None:
    engine, owner = office.engine, office.owner_id
    of = await within(engine, "Sales")
    await keep(engine, owner, of, listed("anna@example.com", "olga@example.com"))
    clock.advance(days=10)
    for text, ending in (("10", 0), ("9", 2)):
        found = await engine.read(retention.preview, owner, Kept.LISTS, text, clock())
        assert (found.before, found.after, found.ending) == (90, int(text), ending)
    await engine.write(retention.change, owner, Kept.LISTS, "10", clock())
    await engine.write(retention.sweep_lists, clock())
    assert (await engine.read(rosters.show, owner, of)).expected == 2
    await engine.write(retention.sweep_lists, clock.advance(seconds=1))
    assert (await engine.read(rosters.show, owner, of)).expected == 0
