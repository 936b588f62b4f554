"""Lists of expected people that are sent again: who is new, who gets new data, who comes off, and what stays."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.contacts import Contact
from core.domain.field_kinds import Kind
from core.domain.left_out import LeftOut
from core.domain.rosters import RosterOf
from core.engine import Engine
from core.rosters.people_lists import ListedPerson
from core.services import audit_log, form_fields, redemption, roster_lists, rosters
from core.services.audit_log import Action
from core.services.form_fields import FieldDraft
from core.services.roster_lists import Preview
from core.storage.tables import ExpectedPerson, ExpectedValue
from tests.support.account import Office, a_form
from tests.support.clock import Clock
from tests.support.rosters import keep, listed, through, within
from tests.support.statements import counted

ANNA, JANIS, OLGA, PRIVATE = "anna@example.com", "janis@example.com", "olga@example.com", "private@example.com"
PHONE = "+37120000001"


def a_person(email: str = "", name: str = "", phone: str = "", unique: dict[int, str] | None = None) -> ListedPerson:
    first, _, last = name.partition(" ")
    return ListedPerson(row=2, email=email, first_name=first, last_name=last, phone=phone, unique=unique or {})


async def entries(engine: Engine) -> dict[int, tuple[str, str | None, str | None, datetime]]:
    """Give all entries by their numbers: name, address, phone number, since when."""

    def run(session: Session) -> dict[int, tuple[str, str | None, str | None, datetime]]:
        found = session.scalars(select(ExpectedPerson).order_by(ExpectedPerson.id))
        return {each.id: (each.full_name, each.email, each.phone, each.added_at) for each in found}

    return await engine.read(run)


async def previewed(office: Office, of: RosterOf, *people: ListedPerson) -> Preview:
    return await office.engine.read(roster_lists.preview, office.owner_id, of, people)


async def recorded(office: Office) -> list[Mapping[str, object]]:
    """Give what the audit log has of the lists that were kept, the newest first."""
    kept = {Action.ROSTER_KEPT, Action.DEPARTMENT_ROSTER_KEPT}
    page = await office.engine.read(audit_log.page, office.owner_id)
    return [each.after for each in page.entries if each.action in kept]


async def comes(office: Office, token: str, email: str, phone: str) -> None:
    form = a_form(email)
    form = replace(form, newcomer=replace(form.newcomer, phone=phone))
    await office.engine.write(redemption.redeem, token, form, office.engine.now())


async def test_who_stays_on_a_list_that_is_replaced_stays_since_they_were_put_there(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card, sales = await office.profile(), await within(engine, "Sales")
    for of in (through(card.profile_id), sales):
        await keep(engine, office.owner_id, of, listed(ANNA, JANIS))
    before = {number: entry for number, entry in (await entries(engine)).items() if ANNA in entry}
    clock.advance(days=7)
    for of in (through(card.profile_id), sales):
        await keep(engine, office.owner_id, of, listed(OLGA, ANNA), replaced=True)
    after = await entries(engine)
    assert {number: after[number] for number in before} == before
    assert sorted(str(email) for _, email, *_ in after.values()) == [ANNA, ANNA, OLGA, OLGA]
    assert (await recorded(office))[0] == {"people": 1, "taken off": 1}


async def test_a_newer_list_gives_who_is_listed_new_data_and_erases_nothing(
    engine: Engine, office: Office, clock: Clock
) -> None:
    of, since = through((await office.profile()).profile_id), engine.now()
    badge = (
        await engine.write(
            form_fields.add_field, office.owner_id, FieldDraft(label="Badge", kind=Kind.UNIQUE_TEXT), engine.now()
        )
    ).field_id
    await keep(engine, office.owner_id, of, [a_person(ANNA, "Anna Ozola"), a_person(JANIS, "Jānis Kalns", PHONE)])
    clock.advance(days=1)
    newer = [a_person(ANNA, "Anna Liepa", "", {badge: "A-17"}), a_person(JANIS)]
    preview = await previewed(office, of, *newer)
    assert (preview.new, preview.changed) == (0, (Contact(name="Anna Liepa", email=ANNA),))
    assert [each.email for each in preview.left_out[LeftOut.EXPECTED].people] == [JANIS]
    for _ in range(2):
        await keep(engine, office.owner_id, of, newer)
    assert [*(await entries(engine)).values()] == [
        ("Anna Liepa", ANNA, None, since),
        ("Jānis Kalns", JANIS, PHONE, since),
    ]
    values = await engine.read(lambda session: session.scalars(select(ExpectedValue.unique_key)).all())
    assert values == ["a-17"]
    assert await recorded(office) == [{"people": 0}, {"people": 0, "changed": 1}, {"people": 2}]


async def test_a_new_address_beside_the_same_phone_number_is_no_second_person(engine: Engine, office: Office) -> None:
    for of in (through((await office.profile()).profile_id), await within(engine, "Sales")):
        await keep(engine, office.owner_id, of, [a_person(ANNA, "Anna Ozola", PHONE)])
        found = await keep(engine, office.owner_id, of, [a_person("liepa@example.com", "Anna Liepa", PHONE)])
        assert found.expected == 1
        missing = await engine.read(rosters.missing, office.owner_id, of)
        assert [(each.name, each.email) for each in missing.people] == [("Anna Liepa", "liepa@example.com")]


async def test_a_phone_number_of_a_newer_list_finds_who_came_with_another_address(
    engine: Engine, office: Office
) -> None:
    card = await office.profile()
    of = through(card.profile_id)
    await keep(engine, office.owner_id, of, [a_person(ANNA, "Anna Ozola")])
    await comes(office, card.token, PRIVATE, PHONE)
    assert (await engine.read(rosters.show, office.owner_id, of)).came == 0
    found = await keep(engine, office.owner_id, of, [a_person(ANNA, "Anna Liepa", PHONE)])
    assert (found.expected, found.came, found.unexpected) == (1, 1, 0)


async def test_who_came_has_still_come_after_a_list_with_other_data(engine: Engine, office: Office) -> None:
    card = await office.profile()
    of = through(card.profile_id)
    await keep(engine, office.owner_id, of, [a_person(ANNA, "Anna Ozola", PHONE), a_person("", "Olga", "+37120000002")])
    await comes(office, card.token, ANNA, "")
    await comes(office, card.token, OLGA, "+37120000002")
    newer = [a_person("liepa@example.com", "Anna Liepa", PHONE), a_person(JANIS, "Olga", "+37120000002")]
    for replaced in (False, True):
        found = await keep(engine, office.owner_id, of, newer, replaced=replaced)
        assert (found.expected, found.came) == (2, 2)


async def test_a_preview_says_who_comes_off_if_the_list_is_replaced(engine: Engine, office: Office) -> None:
    of = through((await office.profile()).profile_id)
    await keep(engine, office.owner_id, of, [*listed(ANNA, JANIS), a_person("", "", PHONE)])
    preview = await previewed(office, of, *listed(ANNA, OLGA))
    assert preview.off == (Contact(name="", email=JANIS), Contact(name=PHONE, email=""))
    await keep(engine, office.owner_id, of, listed(ANNA, OLGA), replaced=True)
    assert [email for _, email, *_ in (await entries(engine)).values()] == [ANNA, OLGA]


async def test_a_list_of_ten_times_the_people_takes_no_statement_for_each(engine: Engine, office: Office) -> None:
    async def statements(size: int) -> int:
        card = await office.profile(name=f"For {size}")
        of = through(card.profile_id)
        for name in ("Anna", "Olga"):
            people = [a_person(f"{number}@example.com", f"{name} {number}") for number in range(size)]
            with counted() as count:
                await keep(engine, office.owner_id, of, people, replaced=True)
        return count.cost.statements

    assert await statements(400) == await statements(40)
