"""What follows a digest: its picture and its spreadsheet, of those whom its text counts, to whoever may have them."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.domain.intervals import Unit
from core.domain.outbox import Kind
from core.domain.progress import Progress
from core.engine import Engine
from core.errors import DigestGone, FileTooLong, NotAllowed
from core.services import (
    audit_log,
    courses,
    departments,
    digest_cards,
    digest_charts,
    digest_editing,
    digest_spreadsheets,
    digests,
    export,
    group_digests,
    history,
    joined_people,
    profile_removal,
)
from core.services.audit_log import Action
from core.services.digest_charts import DigestChart
from core.services.digest_spreadsheets import Outline
from core.services.joined_people import Person
from core.services.outbox import Message
from core.services.report_charts import LARGEST
from core.storage import people
from core.storage.tables import Activation, Question
from tests.integration.test_core_digest_cards import CREW, DAILY, add
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.digests import queued, subscribe, summary, tick, waiting
from tests.support.rows import a_manager, a_user, deactivate, demote, department_id, repoint, transfer

FILES = [Kind.DIGEST, Kind.DIGEST_PICTURE, Kind.DIGEST_SPREADSHEET]


async def with_files(engine: Engine, actor_id: int, digest_id: int, *, spreadsheet: bool = True) -> None:
    await engine.write(digest_editing.send_picture, actor_id, digest_id, on=True)
    if spreadsheet:
        seen = (await engine.read(digest_cards.card, actor_id, digest_id)).connected
        await engine.write(digest_editing.send_spreadsheet, actor_id, digest_id, on=True, seen=seen)


async def sent(engine: Engine, actor_id: int, path: str | None = None) -> Message:
    """Send somebody a digest, of a department or of all that they see."""
    return await again(engine, actor_id, (await add(engine, actor_id, path)).named.digest_id)


async def again(engine: Engine, actor_id: int, digest_id: int) -> Message:
    await engine.write(digest_editing.send, actor_id, digest_id, engine.now())
    [message] = await queued(engine)
    return message


async def chart(engine: Engine, message: Message) -> DigestChart | None:
    return await engine.read(digest_charts.chart, message.user_id, message.subject_id)


async def bars(engine: Engine, message: Message) -> dict[str, int]:
    """Count by profile what a picture shows, which is what its digest tells."""
    found = await chart(engine, message)
    assert found is not None
    counted = {each.profile.name if each.profile else "": sum(each.counts) for each in found.series}
    assert sum(counted.values()) == found.summary.joined
    return counted


async def outline(engine: Engine, message: Message) -> Outline:
    found = await engine.read(digest_spreadsheets.outline, message.user_id, message.subject_id)
    assert found is not None
    return found


async def everybody(engine: Engine, message: Message, size: int = 2) -> list[Person]:
    """Read the people of a spreadsheet, a few at a time."""
    found: list[Person] = []
    asked, before = (message.user_id, message.subject_id, engine.now()), None
    while True:
        page = await engine.read(digest_spreadsheets.page, *asked, before=before, size=size)
        found += page.people
        if (before := page.older_than) is None:
            return found


@pytest.fixture
async def support(engine: Engine, office: Office) -> None:
    """A department besides Sales."""
    await engine.write(departments.add, office.owner_id, "Support", engine.now())


async def test_files_follow_a_digest_if_they_are_wanted(engine: Engine, office: Office, clock: Clock) -> None:
    await subscribe(engine, office.owner_id)
    [main] = (await engine.read(digest_cards.listing, office.owner_id)).cards
    assert (main.picture, main.spreadsheet, main.may_export) == (False, False, True)
    await with_files(engine, office.owner_id, main.named.digest_id)
    clock.advance(days=1)
    await tick(engine)
    messages = await waiting(engine)
    assert [message.kind for message in messages] == FILES
    assert len({message.subject_id for message in messages}) == 1
    await engine.write(digest_editing.send_picture, office.owner_id, main.named.digest_id, on=False)
    await engine.write(digests.request, office.owner_id, 1001, engine.now())
    assert [message.kind for message in await waiting(engine)] == [Kind.DIGEST, Kind.DIGEST_SPREADSHEET]


async def test_a_picture_counts_those_whom_the_text_counts(engine: Engine, office: Office, clock: Clock) -> None:
    autumn, interns = await office.profile(), await office.profile(name="Interns")
    digest_id = (await add(engine, office.owner_id)).named.digest_id
    await again(engine, office.owner_id, digest_id)
    clock.advance(days=1)
    await office.sign_up(autumn.token, "one@example.com")
    for number in range(2):
        clock.advance(days=1)
        await office.sign_up(interns.token, f"learner{number}@example.com")
    found = await chart(engine, await again(engine, office.owner_id, digest_id))
    assert found is not None
    assert found.intervals.unit is Unit.DAY
    named = [(each.profile and each.profile.name, sum(each.counts)) for each in found.series]
    assert named == [("Interns", 2), ("Autumn sales", 1)]
    assert found.summary.shown == 3
    assert found.series[0].counts[-2:] == (1, 1)


@pytest.mark.usefixtures("support")
async def test_a_picture_is_of_the_digests_department_and_of_its_profiles(engine: Engine, office: Office) -> None:
    sales, support = await office.profile(), await office.profile(name="Helpers", department="Support")
    for number, token in enumerate((sales.token, sales.token, support.token)):
        moved = await office.sign_up(token, f"learner{number}@example.com")
    await transfer(engine, moved.user_id, "Sales")
    digest_id = (await add(engine, office.owner_id, "Sales")).named.digest_id
    assert await bars(engine, await again(engine, office.owner_id, digest_id)) == {"Autumn sales": 2}
    digest_id = (await add(engine, office.owner_id)).named.digest_id
    choosing = office.owner_id, digest_id, support.profile_id
    await engine.write(digest_editing.choose_profile, *choosing, chosen=True)
    assert await bars(engine, await again(engine, office.owner_id, digest_id)) == {"Helpers": 1}
    assert await bars(engine, await sent(engine, office.owner_id)) == {"Autumn sales": 2, "Helpers": 1}


async def test_a_picture_has_the_largest_profiles_and_the_others_together(engine: Engine, office: Office) -> None:
    for number in range(LARGEST + 2):
        card = await office.profile(name=f"Profile {number}")
        for copy in range(2 if number < LARGEST else 1):
            await office.sign_up(card.token, f"p{number}c{copy}@example.com")
    found = await chart(engine, await sent(engine, office.owner_id))
    assert found is not None
    assert [each.profile and each.profile.name for each in found.series] == [
        *(f"Profile {number}" for number in range(LARGEST)),
        None,
    ]


async def test_nothing_follows_a_digest_of_nobody(engine: Engine, office: Office) -> None:
    await office.profile()
    message = await sent(engine, office.owner_id)
    assert await chart(engine, message) is None
    assert await engine.read(digest_spreadsheets.outline, message.user_id, message.subject_id) is None


@pytest.mark.usefixtures("support")
async def test_a_spreadsheet_has_those_whom_the_text_counts_as_the_history_exports_them(
    engine: Engine, office: Office
) -> None:
    autumn = await office.profile()
    for number in range(5):
        learner = await office.sign_up(autumn.token, f"learner{number}@example.com")
    await transfer(engine, learner.user_id, "Support")
    manager = await a_manager(engine, "Sales")
    message = await sent(engine, manager)
    told = await everybody(engine, message)
    exported = await engine.read(export.page, manager, autumn.profile_id)
    assert [person.row for person in told] == list(exported.rows)
    found = await outline(engine, message)
    assert (len(told), found.summary.shown) == (4, 4)
    assert (found.summary.hidden, exported.hidden.transferred) == (1, 1)
    assert {(person.profile, person.signed_up_to) for person in told} == {("Autumn sales", ("Sales", "EMEA"))}
    assert [(each.name, each.joined, each.hidden, each.used, each.limit) for each in found.profiles] == [
        ("Autumn sales", 4, 1, 5, 50)
    ]


@pytest.mark.usefixtures("support")
async def test_a_spreadsheet_says_where_a_learner_came_and_where_they_are(engine: Engine, office: Office) -> None:
    learner = await office.sign_up((await office.profile()).token)
    await transfer(engine, learner.user_id, "Support")
    [person] = await everybody(engine, await sent(engine, office.owner_id))
    assert (person.signed_up_to, person.row.department) == (("Sales", "EMEA"), ("Support",))


async def test_the_sums_of_a_spreadsheet_are_those_of_the_text_and_what_was_returned_explains_the_places(
    engine: Engine, office: Office
) -> None:
    owner, now = office.owner_id, engine.now()
    for name, sign_ups in (("autumn", 4), ("winter", 2)):
        card = await office.profile(name=name)
        for number in range(sign_ups):
            learner = (await office.sign_up(card.token, f"{name}{number}@example.com")).user_id
            if number < 2:  # the first leaves again, the second stays
                activation = await engine.read(_activation_of, learner)
                await engine.write(history.return_activation, owner, activation, "by mistake", now)
            if number == 0:
                await deactivate(engine, learner)
    found = await outline(engine, await sent(engine, owner))
    told, rows = found.summary, found.profiles
    assert (told.joined, told.undone, told.returned, told.hidden) == (4, 2, 4, 0)
    assert [(each.joined, each.returned, each.undone, each.used) for each in rows] == [(3, 1, 1, 2), (1, 1, 1, 0)]
    assert sum(each.joined for each in rows) == told.joined
    assert sum(each.undone for each in rows) == told.undone
    assert sum(each.returned for each in rows) == told.returned - told.undone
    assert all(each.used == each.joined - each.returned + each.hidden for each in rows)


def _activation_of(session: Session, user_id: int) -> int:
    return session.scalars(select(Activation.id).where(Activation.user_id == user_id)).one()


async def test_a_spreadsheet_has_the_courses_of_new_learners(engine: Engine, office: Office, clock: Clock) -> None:
    learner = await office.sign_up((await office.profile()).token)
    [course] = await engine.read(courses.mine, learner.user_id, engine.now())
    await engine.write(courses.advance, learner.user_id, course.course_id, Progress.STARTED, engine.now())
    await engine.write(courses.add, office.owner_id, "Of nobody", "https://example.com", "", engine.now())
    clock.advance(days=15)
    message = await sent(engine, office.owner_id)
    found = await outline(engine, message)
    assert [each.title for each in found.courses] == ["Safety first"]
    [person] = await everybody(engine, message)
    [(number, state)] = person.courses.items()
    assert (number, state.progress, state.overdue) == (course.course_id, Progress.STARTED, True)


async def test_profiles_that_brought_nobody_are_in_it_while_they_are_open_and_deleted_ones_if_they_did(
    engine: Engine, office: Office
) -> None:
    gone, _ = await office.profile(name="Gone"), await office.profile(name="Idle")
    unneeded = await office.profile(name="Unneeded")
    await office.sign_up(gone.token)
    deleting = office.owner_id, [gone.profile_id, unneeded.profile_id], engine.now()
    await engine.write(profile_removal.remove, *deleting)
    found = await outline(engine, await sent(engine, office.owner_id))
    assert [(each.name, each.joined, each.removed) for each in found.profiles] == [
        ("Gone", 1, True),
        ("Idle", 0, False),
    ]


@pytest.mark.usefixtures("support")
async def test_who_lost_the_department_gets_no_file_of_it(engine: Engine, office: Office) -> None:
    helpers = await office.profile(name="Helpers", department="Support")
    await office.sign_up(helpers.token)
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", "Support", telegram_id=1002)
    of_support, of_all = await sent(engine, manager, "Support"), await sent(engine, manager)
    assert await chart(engine, of_support)
    sales = await engine.read(department_id, "Sales")
    await engine.write(people.set_managed, manager, [sales])
    with pytest.raises(DigestGone):
        await chart(engine, of_support)
    with pytest.raises(DigestGone):
        await everybody(engine, of_support)
    assert await chart(engine, of_all) is None
    assert await everybody(engine, of_all) == []
    await demote(engine, manager)
    for message in (of_support, of_all):
        with pytest.raises(NotAllowed):
            await chart(engine, message)
        with pytest.raises(NotAllowed):
            await outline(engine, message)


@pytest.mark.usefixtures("support")
async def test_who_saw_a_profile_earlier_gets_those_who_are_theirs_now(engine: Engine, office: Office) -> None:
    autumn = await office.profile()
    await office.sign_up(autumn.token, "then@example.com")
    await repoint(engine, autumn.profile_id, "Support")
    await office.sign_up(autumn.token, "now@example.com")
    message = await sent(engine, await a_manager(engine, "Sales"))
    assert [person.row.email for person in await everybody(engine, message)] == ["then@example.com"]
    assert (await summary(engine, message)).hidden == 1


async def test_a_spreadsheet_is_for_who_may_export_histories(engine: Engine, office: Office) -> None:
    await office.sign_up((await office.profile()).token)
    reader = await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.RECEIVE_DIGESTS])
    message = await sent(engine, reader)
    assert await chart(engine, message)
    card = (await engine.read(digest_cards.listing, reader)).cards[0]
    assert not card.may_export
    for asking in (
        engine.write(digest_editing.send_spreadsheet, reader, card.named.digest_id, on=True, seen=0),
        engine.read(digest_spreadsheets.outline, reader, message.subject_id),
        engine.read(digest_spreadsheets.page, reader, message.subject_id, engine.now()),
        engine.write(digest_spreadsheets.begin, reader, message.subject_id, 1001, engine.now()),
    ):
        with pytest.raises(NotAllowed):
            await asking


async def test_others_digests_have_no_files_for_me(engine: Engine, office: Office) -> None:
    await office.sign_up((await office.profile()).token)
    message = await sent(engine, office.owner_id)
    manager = await a_manager(engine, "Sales")
    with pytest.raises(DigestGone):
        await chart(engine, replace(message, user_id=manager))
    with pytest.raises(DigestGone):
        await everybody(engine, replace(message, user_id=manager))


async def test_an_export_is_recorded_with_the_group_that_gets_it(engine: Engine, office: Office) -> None:
    card = await add(engine, office.owner_id, "Sales")
    await connect(engine, office, card.named.digest_id)
    await engine.write(digest_editing.send, office.owner_id, card.named.digest_id, engine.now())
    message = (await waiting(engine))[-1]
    leaving = message.user_id, message.subject_id
    await engine.write(digest_spreadsheets.begin, *leaving, CREW.chat_id, engine.now())
    await engine.write(digest_spreadsheets.begin, *leaving, 1001, engine.now())
    private, group = (await engine.read(audit_log.page, office.owner_id)).entries[:2]
    assert (private.action, private.subject, private.after) == (Action.DIGEST_EXPORTED, "Sales", {})
    assert (group.action, group.subject, group.after) == (Action.DIGEST_EXPORTED, "Sales", {"group": "Crew"})


async def test_no_export_is_recorded_that_no_file_has_room_for(
    engine: Engine, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.sign_up((await office.profile()).token)
    message = await sent(engine, office.owner_id)
    monkeypatch.setattr(joined_people, "MOST_PEOPLE", 0)
    with pytest.raises(FileTooLong):
        await engine.write(digest_spreadsheets.begin, message.user_id, message.subject_id, 1001, engine.now())


@pytest.mark.parametrize("refocus", ["department", "profile"])
async def test_a_digest_that_is_about_something_else_now_has_no_files_of_earlier(
    refocus: str, engine: Engine, office: Office
) -> None:
    profile, sales = await office.profile(), await engine.read(department_id, "Sales")
    card = await add(engine, office.owner_id)
    digest_id = card.named.digest_id
    await engine.write(digest_editing.send, office.owner_id, digest_id, engine.now())
    [run_id] = {message.subject_id for message in await waiting(engine)}
    await engine.write(digest_spreadsheets.begin, office.owner_id, run_id, 1001, engine.now())
    if refocus == "department":
        await engine.write(digest_editing.choose_department, office.owner_id, digest_id, sales)
    else:
        await engine.write(digest_editing.choose_profile, office.owner_id, digest_id, profile.profile_id, chosen=True)
    with pytest.raises(DigestGone):
        await engine.write(digest_spreadsheets.begin, office.owner_id, run_id, 1001, engine.now())


async def test_an_export_of_two_departments_is_recorded_for_each(engine: Engine, office: Office) -> None:
    await engine.write(departments.add, office.owner_id, "Riga", engine.now())
    manager = await a_manager(engine, "Sales", "Riga", telegram_id=1002)
    await engine.write(digests.request, manager, 1002, engine.now())
    [run_id] = {message.subject_id for message in await waiting(engine) if message.user_id == manager}
    await engine.write(digest_spreadsheets.begin, manager, run_id, 1002, engine.now())
    entries = (await engine.read(audit_log.page, office.owner_id)).entries[:2]
    assert {(each.action, each.subject) for each in entries} == {
        (Action.DIGEST_EXPORTED, "Riga"),
        (Action.DIGEST_EXPORTED, "Sales"),
    }


async def test_a_group_gets_a_spreadsheet_only_if_it_was_turned_on_for_it(engine: Engine, office: Office) -> None:
    await subscribe(engine, office.owner_id)
    [main] = (await engine.read(digest_cards.listing, office.owner_id)).cards
    await with_files(engine, office.owner_id, main.named.digest_id)
    await engine.write(group_digests.order, office.owner_id, CREW, None, engine.now())
    await engine.write(group_digests.confirm, office.owner_id, await engine.read(_question), engine.now())
    assert [each.kind for each in await waiting(engine) if each.chat_id < 0] == FILES[:2], (
        "one that was asked for there"
    )
    await connect(engine, office)
    [main] = (await engine.read(digest_cards.listing, office.owner_id)).cards
    assert (main.picture, main.spreadsheet) == (True, False)
    await with_files(engine, office.owner_id, main.named.digest_id)
    await engine.write(digest_editing.send, office.owner_id, main.named.digest_id, engine.now())
    assert [each.kind for each in await waiting(engine) if each.chat_id < 0][-3:] == FILES


async def test_what_waits_for_a_group_ends_with_its_connection(engine: Engine, office: Office) -> None:
    await connect(engine, office)
    [main] = (await engine.read(digest_cards.listing, office.owner_id)).cards
    await waiting(engine)
    await with_files(engine, office.owner_id, main.named.digest_id)
    await engine.write(digest_editing.send, office.owner_id, main.named.digest_id, engine.now())
    await engine.write(group_digests.revoke, office.owner_id, main.named.digest_id, engine.now())
    assert await waiting(engine) == []


async def connect(engine: Engine, office: Office, digest_id: int | None = None) -> None:
    """Let a digest go to a group from now on, the main one or another."""
    await engine.write(group_digests.order, office.owner_id, CREW, DAILY, engine.now())
    confirming = office.owner_id, await engine.read(_question), engine.now()
    await engine.write(group_digests.confirm, *confirming, digest_id=digest_id)


def _question(session: Session) -> int:
    return max(session.scalars(select(Question.id)))
