"""Phone numbers and unique values that several of a list have: by these nobody is let in, has come, or is meant."""

from dataclasses import replace

import pytest

from core.domain.field_kinds import Kind
from core.domain.rosters import RosterOf
from core.errors import NotExpected
from core.rosters.people_lists import ListedPerson
from core.services import (
    departments,
    form_fields,
    history,
    people,
    personal_data,
    profiles,
    progress,
    redemption,
    roster_lists,
    rosters,
)
from core.services.form_fields import FieldDraft
from core.services.progress import Cohort
from core.services.redemption import SignedUp
from core.services.roster_counts import RosterCounts
from tests.support.account import Office, a_form
from tests.support.rosters import keep, through, within

ANN, BEN, CID = "ann.a@example.com", "ben.b@example.com", "cid@example.com"
STRANGER = "zq@example.com"
SHARED, OWN = "+37127000001", "+37127000002"


def a_person(email: str, name: str, phone: str = "", unique: dict[int, str] | None = None) -> ListedPerson:
    first, _, last = name.partition(" ")
    return ListedPerson(row=2, email=email, first_name=first, last_name=last, phone=phone, unique=unique or {})


FAMILY = [a_person(ANN, "Ann Able", SHARED), a_person(BEN, "Ben Baker", SHARED), a_person(CID, "Cid Cole", OWN)]


async def signs_up(
    office: Office, token: str, email: str, name: str, phone: str = "", custom: dict[int, str] | None = None
) -> SignedUp:
    form, (first, _, last) = a_form(email), name.partition(" ")
    newcomer = replace(form.newcomer, first_name=first, last_name=last, phone=phone, custom=custom or {})
    return await office.engine.write(redemption.redeem, token, replace(form, newcomer=newcomer), office.engine.now())


async def a_badge(office: Office) -> int:
    draft = FieldDraft(label="Badge", kind=Kind.UNIQUE_TEXT)
    return (await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())).field_id


async def of_both(office: Office, profile_id: int) -> list[RosterOf]:
    return [through(profile_id), await within(office.engine, "Sales")]


async def test_a_phone_number_of_several_lets_nobody_in(office: Office) -> None:
    for number in range(2):
        card = await office.profile(name=f"Door {number}")
        of = (await of_both(office, card.profile_id))[number]
        await keep(office.engine, office.owner_id, of, FAMILY, only=True)
        with pytest.raises(NotExpected):
            await signs_up(office, card.token, STRANGER, "Zed Quux", SHARED)
    await signs_up(office, card.token, ANN, "Ann Able", SHARED)


async def test_a_unique_value_of_several_lets_nobody_in(office: Office) -> None:
    badge, card = await a_badge(office), await office.profile()
    both = [a_person(ANN, "Ann Able", unique={badge: "A-17"}), a_person(BEN, "Ben Baker", unique={badge: "A-17"})]
    await keep(office.engine, office.owner_id, through(card.profile_id), both, only=True)
    with pytest.raises(NotExpected):
        await signs_up(office, card.token, STRANGER, "Zed Quux", custom={badge: "A-17"})


async def test_by_a_phone_number_of_several_nobody_has_come(office: Office) -> None:
    card, read = await office.profile(), office.engine.read
    for of in (both := await of_both(office, card.profile_id)):
        await keep(office.engine, office.owner_id, of, FAMILY)
    await signs_up(office, card.token, STRANGER, "Zed Quux", SHARED)
    for of in both:
        found = await read(rosters.show, office.owner_id, of)
        assert (found.expected, found.came, found.missing, found.unexpected) == (3, 0, 3, 1)
    shown = (await read(profiles.card, office.owner_id, card.profile_id, office.engine.now())).roster
    assert shown == (await read(history.page, office.owner_id, card.profile_id)).roster
    assert shown is not None
    assert shown.came == 0
    await signs_up(office, card.token, BEN, "Ben Baker", SHARED)
    assert (await read(rosters.show, office.owner_id, both[0])).came == 1


async def test_by_a_unique_value_of_several_nobody_has_come(office: Office) -> None:
    badge, card = await a_badge(office), await office.profile()
    both = [a_person(ANN, "Ann Able", unique={badge: "A-17"}), a_person(BEN, "Ben Baker", unique={badge: "A-17"})]
    found = await keep(office.engine, office.owner_id, through(card.profile_id), both)
    await signs_up(office, card.token, STRANGER, "Zed Quux", custom={badge: "A-17"})
    found = await office.engine.read(rosters.show, office.owner_id, through(card.profile_id))
    assert (found.came, found.unexpected) == (0, 1)


async def test_a_preview_counts_nobody_as_come_by_a_phone_number_of_several(office: Office) -> None:
    card = await office.profile()
    of = through(card.profile_id)
    await signs_up(office, card.token, STRANGER, "Ann Able", SHARED)

    async def came(*people: ListedPerson) -> int:
        return len((await office.engine.read(roster_lists.preview, office.owner_id, of, people)).signed_up)

    assert (await came(*FAMILY), await came(FAMILY[0])) == (0, 1)
    await keep(office.engine, office.owner_id, of, FAMILY[1:])
    assert await came(FAMILY[0]) == 0


async def test_one_list_may_give_to_several_what_tells_apart_on_another(office: Office) -> None:
    card = await office.profile()
    own, sales = await of_both(office, card.profile_id)
    await keep(office.engine, office.owner_id, own, [FAMILY[0], replace(FAMILY[2], phone=SHARED)])
    await keep(office.engine, office.owner_id, sales, FAMILY[1:])
    await signs_up(office, card.token, "private@example.com", "Ben Baker", SHARED)
    assert [(await office.engine.read(rosters.show, office.owner_id, of)).came for of in (own, sales)] == [0, 1]


async def test_who_is_deleted_takes_nobody_off_who_has_their_phone_number_too(office: Office) -> None:
    card, write = await office.profile(), office.engine.write
    of = through(card.profile_id)
    await keep(office.engine, office.owner_id, of, FAMILY)
    made = await signs_up(office, card.token, ANN, "Ann Able", SHARED)
    exported = await write(personal_data.export, office.owner_id, made.user_id, office.engine.now())
    assert BEN not in str(exported)
    await write(people.delete, office.owner_id, made.user_id, office.engine.now())
    assert [each.email for each in (await office.engine.read(rosters.missing, office.owner_id, of)).people] == [
        BEN,
        CID,
    ]


async def test_who_came_by_a_phone_number_has_still_come_when_others_are_listed_with_it(office: Office) -> None:
    card, read = await office.profile(), office.engine.read
    for of in (both := await of_both(office, card.profile_id)):
        await keep(office.engine, office.owner_id, of, FAMILY[:1])
    await signs_up(office, card.token, "private@example.com", "Ann Able", SHARED)
    for of in both:
        found = await keep(office.engine, office.owner_id, of, FAMILY)
        assert (found.expected, found.came) == (3, 1)
        missing = (await read(rosters.missing, office.owner_id, of)).people
        assert [each.email for each in missing] == [BEN, CID]


TWINS = [replace(each, shares=True) for each in (a_person("", "Carl Shared", OWN), a_person("", "Dana Shared", OWN))]


async def test_people_of_different_names_with_one_phone_number_are_each_kept_once(office: Office) -> None:
    card = await office.profile()
    for of in await of_both(office, card.profile_id):
        for order in (1, -1):
            found = await keep(office.engine, office.owner_id, of, TWINS[::order])
            assert (found.expected, found.missing) == (2, 2)


async def test_a_preview_names_who_cannot_be_recognised(office: Office) -> None:
    of = through((await office.profile()).profile_id)
    preview = await office.engine.read(roster_lists.preview, office.owner_id, of, [*FAMILY, *TWINS])
    assert (preview.new, preview.without_address) == (5, 0)
    assert [each.name for each in preview.alike] == ["Carl Shared", "Dana Shared"]


async def test_another_name_beside_the_phone_number_of_somebody_listed_is_a_new_person(office: Office) -> None:
    of = through((await office.profile()).profile_id)
    for name in ("Carl Shared", "Dana Other", "Dana Other", "Carl Shared"):
        found = await keep(office.engine, office.owner_id, of, [a_person("", name, OWN)])
    assert found.expected == 2
    missing = (await office.engine.read(rosters.missing, office.owner_id, of)).people
    assert [each.name for each in missing] == ["Carl Shared", "Dana Other"]


async def test_an_address_for_one_of_several_with_a_phone_number_is_theirs_by_name(office: Office) -> None:
    of = through((await office.profile()).profile_id)
    await keep(office.engine, office.owner_id, of, TWINS)
    found = await keep(office.engine, office.owner_id, of, [a_person("dana@example.com", "Dana Shared", OWN)])
    assert found.expected == 2
    missing = (await office.engine.read(rosters.missing, office.owner_id, of)).people
    assert [(each.name, each.email) for each in missing] == [
        ("Carl Shared", None),
        ("Dana Shared", "dana@example.com"),
    ]


async def test_who_came_by_a_list_that_knows_more_of_them_came_to_the_other_list_of_their_address(
    office: Office,
) -> None:
    card, read, now = await office.profile(), office.engine.read, office.engine.now()
    own, sales = await of_both(office, card.profile_id)
    await keep(office.engine, office.owner_id, own, FAMILY[2:])
    await signs_up(office, card.token, STRANGER, "Cid Cole", OWN)
    preview = await read(roster_lists.preview, office.owner_id, sales, [a_person(CID, "Cid Cole")])
    assert [each.email for each in preview.signed_up] == [CID]
    found = await keep(office.engine, office.owner_id, sales, [a_person(CID, "Cid Cole"), a_person(BEN, "Ben Baker")])
    assert (found.expected, found.came, found.unexpected) == (2, 1, 0)
    assert [each.email for each in (await read(rosters.missing, office.owner_id, sales)).people] == [BEN]
    cohort = Cohort(department_id=sales.department_id)
    counted = (await read(progress.overview, office.owner_id, cohort, now)).roster
    assert counted == RosterCounts(expected=2, came=1, hidden=0)


async def test_who_came_where_only_another_list_counts_has_not_come_to_this_one(office: Office) -> None:
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    card, support = await office.profile(), await within(office.engine, "Support")
    await keep(office.engine, office.owner_id, through(card.profile_id), FAMILY[2:])
    await keep(office.engine, office.owner_id, support, [a_person(CID, "Cid Cole")])
    await signs_up(office, card.token, STRANGER, "Cid Cole", OWN)
    assert (await office.engine.read(rosters.show, office.owner_id, support)).came == 0


async def test_a_deleted_person_is_on_no_list_that_has_their_address_of_another_list(office: Office) -> None:
    card = await office.profile()
    own, sales = await of_both(office, card.profile_id)
    await keep(office.engine, office.owner_id, own, FAMILY[2:])
    await keep(office.engine, office.owner_id, sales, [a_person(CID, "Cid Cole"), a_person(BEN, "Ben Baker")])
    made = await signs_up(office, card.token, STRANGER, "Cid Cole", OWN)
    await office.engine.write(people.delete, office.owner_id, made.user_id, office.engine.now())
    assert [each.email for each in (await office.engine.read(rosters.missing, office.owner_id, sales)).people] == [BEN]
