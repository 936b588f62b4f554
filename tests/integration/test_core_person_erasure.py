"""An erasure takes a person's name out of histories and the audit log too; what was counted stays counted."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.cadence import parse_cadence
from core.errors import NotAllowed, NotYourself, OwnerStays, PreviewOutdated, UserNotFound
from core.services import audit_log, group_digests, history, people, person_erasure
from core.services.audit_log import Action
from core.services.group_digests import Group
from core.storage.tables import Question
from tests.integration.test_core_erasure import PERSONAL, at_work, sign_up
from tests.support.account import Office
from tests.support.rows import a_user
from tests.support.site import sign_ups, tally
from tests.support.two_branches import contents

NAMED = ("Vera", "Bird", "vera", "bird")


async def named(office: Office) -> list[str]:
    """Return the tables in which the name, or anything else of Vera's, is left."""
    found = (await office.engine.read(contents)).items()
    return [table for table, rows in found if any(word in repr(rows) for word in (*NAMED, *PERSONAL))]


async def test_an_erasure_leaves_no_name_anywhere_and_all_counts(office: Office) -> None:
    engine, user_id = office.engine, await sign_up(office)
    await at_work(office, user_id)
    await engine.write(people.transfer, office.owner_id, user_id, "Sales", engine.now())
    seen = (await engine.read(person_erasure.preview, office.owner_id, user_id, engine.now())).seen
    await engine.write(person_erasure.erase, office.owner_id, user_id, engine.now(), seen=seen)
    assert await named(office) == []
    assert await tally(engine) == sign_ups(1)
    [entry] = (await engine.read(history.page, office.owner_id, 1)).entries
    assert (entry.first_name, entry.last_name, entry.deleted) == (f"#{user_id}", "", True)
    log = (await engine.read(audit_log.page, office.owner_id)).entries
    assert (log[0].action, log[0].subject) == (Action.USER_ERASED, f"#{user_id}")
    [transferred] = [entry for entry in log if entry.action is Action.USER_TRANSFERRED]
    assert (transferred.subject, transferred.after) == (f"#{user_id}", {"department": ["Sales"]})


async def test_the_name_of_who_was_deleted_before_is_erased_by_number(office: Office) -> None:
    engine, user_id = office.engine, await sign_up(office)
    await engine.write(people.delete, office.owner_id, user_id, engine.now())
    assert "user_account" in await named(office)
    assert await engine.read(person_erasure.find, office.owner_id, f"#{user_id}") == user_id
    shown = await engine.read(person_erasure.preview, office.owner_id, user_id, engine.now())
    assert (shown.name, shown.details, shown.keeps_place) == ("Vera Bird", None, True)
    await engine.write(person_erasure.erase, office.owner_id, user_id, engine.now(), seen=shown.seen)
    assert await named(office) == []
    with pytest.raises(UserNotFound):  # done already
        await engine.write(person_erasure.erase, office.owner_id, user_id, engine.now())
    with pytest.raises(UserNotFound):
        await engine.read(person_erasure.find, office.owner_id, "vera@example.com")


async def test_the_log_says_who_erased_a_person_and_took_their_digest_from_its_group(office: Office) -> None:
    engine, group = office.engine, Group(chat_id=-5, thread_id=None, title="Crew")
    rita = await a_user(engine, Role.ADMINISTRATOR, telegram_id=1002, name="Rita")
    vera = await a_user(engine, Role.ADMINISTRATOR, telegram_id=1003, name="Vera")
    await engine.write(group_digests.order, vera, group, parse_cadence("daily 09:00"), engine.now())
    question = await engine.read(lambda session: max(session.scalars(select(Question.id))))
    await engine.write(group_digests.confirm, vera, question, engine.now())
    await engine.write(person_erasure.erase, rita, vera, engine.now())
    by = {entry.action: entry.actor for entry in (await engine.read(audit_log.page, office.owner_id)).entries}
    assert (by[Action.USER_ERASED], by[Action.GROUP_DISCONNECTED]) == ("Rita Meier", "Rita Meier")


async def test_an_erasure_whose_question_is_out_of_date_erases_nothing(office: Office) -> None:
    engine, user_id = office.engine, await sign_up(office)
    seen = (await engine.read(person_erasure.preview, office.owner_id, user_id, engine.now())).seen
    await at_work(office, user_id)
    with pytest.raises(PreviewOutdated):
        await engine.write(person_erasure.erase, office.owner_id, user_id, engine.now(), seen=seen)
    assert "user_account" in await named(office)


async def test_who_can_not_be_deleted_can_not_be_erased(office: Office) -> None:
    engine = office.engine
    administrator = await a_user(engine, Role.ADMINISTRATOR)
    for actor, whom, refusal in (
        (office.owner_id, office.owner_id, OwnerStays),
        (administrator, administrator, NotYourself),
        (await a_user(engine, Role.LEARNER), administrator, NotAllowed),
    ):
        with pytest.raises(refusal):
            await engine.write(person_erasure.erase, actor, whom, engine.now())


@pytest.mark.parametrize(
    "change",
    [
        "subject = 'another name'",
        "subject = '#' || subject_id, action = 'user added'",
        "subject = '#' || subject_id, actor_id = NULL",
        "subject = '#' || subject_id, after = '{\"role\": \"owner\"}'",
    ],
)
async def test_the_audit_log_permits_no_other_change(office: Office, change: str) -> None:
    user_id = await sign_up(office)
    await office.engine.write(people.delete, office.owner_id, user_id, office.engine.now())

    def tamper(session: Session) -> None:
        session.execute(text(f"UPDATE record_entry SET {change} WHERE action = 'user deleted'"))  # noqa: S608

    with pytest.raises(DBAPIError, match="append-only"):
        await office.engine.write(tamper)
