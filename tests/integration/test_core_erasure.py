"""What a deletion leaves of a person, and what the end of a sign-up leaves of who waited: looked for in every table."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.cadence import parse_cadence
from core.domain.field_kinds import Kind
from core.domain.form_fields import CONSENT, SHOWN_VERSION, read_form
from core.domain.updates import read_update
from core.engine import Engine
from core.services import (
    digests,
    form_fields,
    group_digests,
    inbox,
    invitations,
    outbox,
    pending_sign_ups,
    people,
    policies,
    redemption,
    repetitions,
    role_grants,
    searches,
    sessions,
)
from core.services.delivery_pause import Verdict
from core.services.form_fields import FieldDraft
from core.services.group_digests import Group
from core.services.inbox import Capacity
from core.services.page_settings import PageSetting
from core.services.policies import Switch
from core.services.strangers import OwnerClaim
from core.storage.tables import Base, Question, User
from tests.support.account import FAST_HASH, Office
from tests.support.outbox_messages import claim, finish, start
from tests.support.rows import a_user, the_form
from tests.support.two_branches import contents

NO_CLAIM = OwnerClaim(secret_key="", telegram_id=None)
TELEGRAM_ID = 77001122
PERSONAL = ("vera@example.com", "verabird", "+37120000077", "Falconer", "B-4711", str(TELEGRAM_ID), FAST_HASH)

# Where a deleted person's number stays: in histories, and as the one who did, made or was offered something.
LEFT = {
    "activation.user_id",
    "ledger_entry.user_id",
    "record_entry.actor_id",
    "invitation.created_by",
    "invitation.user_id",
}


async def sign_up(office: Office) -> int:
    """Sign Vera up, with everything that a form can take."""
    engine, now = office.engine, office.engine.now()
    await engine.write(policies.publish_privacy_policy, office.owner_id, "We keep little.", now)
    draft = FieldDraft(label="Badge", kind=Kind.UNIQUE_TEXT)
    badge = await engine.write(form_fields.add_field, office.owner_id, draft, now)
    await office.set_page(PageSetting.LOGIN, "optional")
    asked = await engine.read(the_form)
    [own] = [each.name for each in asked.fields if each.field_id == badge.field_id]
    values = {
        "first_name": "Vera",
        "last_name": "Bird",
        "email": "vera@example.com",
        "login": "verabird",
        "password": "a long secret",
        "phone": "+371 20000077",
        "job_title": "Falconer",
        own: "B-4711",
        CONSENT: "yes",
        SHOWN_VERSION: str(asked.consent_version),
    }
    form = redemption.SignUp(newcomer=read_form(values, asked, region="LV"), password_hash=FAST_HASH, form_key="vera's")
    card = await office.profile()
    return (await engine.write(redemption.redeem, card.token, form, now)).user_id


async def at_work(office: Office, user_id: int) -> None:
    """Let Vera be an administrator who used the chat for all that it keeps."""
    engine, now = office.engine, office.engine.now()
    proposal = await engine.write(role_grants.propose, office.owner_id, user_id, "administrator", (), now)
    assert proposal is not None
    await engine.write(role_grants.confirm, office.owner_id, proposal.question_id, now)
    await engine.write(invitations.invite_person, office.owner_id, user_id, now)
    await engine.write(enter_chat, user_id)
    await engine.write(sessions.start, user_id, now)
    await engine.write(searches.keep, user_id, "words " * 20, now)
    await engine.write(repetitions.is_news, user_id, "a line", now, within=timedelta(minutes=10))
    await engine.write(invitations.invite, user_id, "administrator", (), now)
    await engine.write(digests.subscribe, user_id, parse_cadence("daily 18:00"), TELEGRAM_ID, now)
    await engine.write(digests.request, user_id, TELEGRAM_ID, now)
    for message in await claim(engine):
        assert await start(engine, message)
        await finish(engine, message)
    group = Group(chat_id=-5, thread_id=None, title="Crew")
    await engine.write(group_digests.order, user_id, group, None, now)
    await engine.write(group_digests.order, user_id, group, None, now)
    await engine.write(answer_first, user_id)
    await wrote(engine)


def enter_chat(session: Session, user_id: int) -> None:
    session.get_one(User, user_id).telegram_id = TELEGRAM_ID


def answer_first(session: Session, user_id: int) -> None:
    """Answer the first question to the user."""
    first = session.scalars(select(Question).where(Question.user_id == user_id).order_by(Question.id)).first()
    assert first is not None
    group_digests.confirm(session, user_id, first.id, first.asked_at)


async def wrote(engine: Engine) -> None:
    """Let a line of Vera's be answered, and another one without a confirmation that the answer arrived."""
    for number in (1, 2):
        content = {"chat": {"id": TELEGRAM_ID}, "from": {"id": TELEGRAM_ID}, "text": "/people vera@example.com"}
        update = read_update({"update_id": number, "message": content})
        await engine.write(inbox.record, [update], NO_CLAIM, engine.now())
        [claimed] = await engine.write(
            inbox.claim, Capacity(holder="one", at_most=1, strangers_at_most=0), engine.now()
        )
        await engine.write(inbox.begin_answer, claimed)
        if number == 1:
            await engine.write(inbox.finish, [claimed])
        else:
            await engine.write(inbox.mark_unconfirmed, claimed, engine.now())


async def found(engine: Engine) -> list[str]:
    """Return which of Vera's data are in which table."""
    return [
        f"{table}: {word}"
        for table, rows in (await engine.read(contents)).items()
        for word in PERSONAL
        if word in repr(rows)
    ]


def left_of(session: Session, user_id: int) -> set[str]:
    """Return the columns that name a user by number, apart from the user's own row."""
    users = User.__table__.c.id
    columns = [key.parent for table in Base.metadata.sorted_tables for key in table.foreign_keys if key.column is users]
    return {
        f"{column.table.name}.{column.name}"
        for column in columns
        if session.execute(select(column).where(column == user_id).limit(1)).first()
    }


def row_of(session: Session, user_id: int) -> tuple[str, str, int | None, datetime | None]:
    user = session.get_one(User, user_id)
    return user.full_name, user.search_key.strip(), user.consent_version, user.consent_at


async def test_a_deletion_leaves_name_and_department_and_what_the_person_did(office: Office) -> None:
    engine, user_id = office.engine, await sign_up(office)
    await at_work(office, user_id)
    assert {line.rpartition(": ")[2] for line in await found(engine)} == {*PERSONAL}
    assert {line.partition(":")[0] for line in await found(engine)} >= {
        "field_value",
        "user_account",
        "outgoing",
        "incoming",
        "digest",
    }
    assert await engine.read(left_of, user_id) > LEFT
    await engine.write(people.delete, office.owner_id, user_id, engine.now())
    assert await found(engine) == []
    assert await engine.read(left_of, user_id) == LEFT
    assert await engine.read(row_of, user_id) == ("Vera Bird", "vera bird", None, None)


async def test_the_open_invitations_of_a_deleted_person_end(office: Office) -> None:
    engine, user_id = office.engine, await sign_up(office)
    await at_work(office, user_id)
    await engine.write(people.delete, office.owner_id, user_id, engine.now())
    assert await engine.read(invitations.waiting, office.owner_id, engine.now()) == []


async def test_a_message_that_is_under_way_to_a_deleted_person_ends_with_them(office: Office) -> None:
    engine = office.engine
    user_id = await a_user(engine, Role.ADMINISTRATOR, telegram_id=TELEGRAM_ID)
    await engine.write(digests.request, user_id, TELEGRAM_ID, engine.now())
    [message] = await claim(engine)
    assert await start(engine, message)
    await engine.write(people.delete, office.owner_id, user_id, engine.now())
    asked = message.message_id, "one", engine.now()
    assert await engine.write(outbox.chat_unknown, *asked) is Verdict.NOT_OURS
    assert not await engine.write(outbox.finish, *asked)
    await engine.write(outbox.fail, *asked)
    await engine.write(outbox.mark_unconfirmed, *asked)
    await engine.write(outbox.postpone, *asked)
    assert await engine.read(outbox.counts) == {}


async def test_a_declined_sign_up_leaves_nothing_of_who_waited(office: Office) -> None:
    engine = office.engine
    await engine.write(policies.switch, office.owner_id, Switch.APPROVAL, engine.now(), on=True)
    user_id = await sign_up(office)
    await engine.write(pending_sign_ups.decline, office.owner_id, user_id, "", engine.now())
    assert await found(engine) == []
    assert await engine.read(row_of, user_id) == ("", "", None, None)
