"""Hidden learners, one table: who sees whom in a profile's history, how many are hidden from them, and why."""

from dataclasses import dataclass, replace

import pytest

from core.domain.access import Permission, Role
from core.domain.tallies import Hidden
from core.engine import Engine
from core.services import departments, history, people, profile_editing, redemption
from core.services.history import History
from core.services.profile_editing import Change, EditedField
from tests.support.account import Office, a_form
from tests.support.digests import ask
from tests.support.rows import a_manager, a_user

VIEWERS = {
    "owner": (
        ["stayed", "transferred", "deleted", "returned", "moved", "elsewhere"],
        Hidden(transferred=0, elsewhere=0),
    ),
    "manager of Sales": (["stayed", "deleted", "returned"], Hidden(transferred=1, elsewhere=2)),
    "manager of Support": (["transferred", "moved", "elsewhere"], Hidden(transferred=0, elsewhere=3)),
    "custom role in Baltics": (["moved"], Hidden(transferred=0, elsewhere=5)),
}


@dataclass(frozen=True, kw_only=True)
class Story:
    """A profile through which one learner of each kind signed up, and its viewers."""

    office: Office
    profile_id: int
    viewers: dict[str, int]


async def _viewers(office: Office) -> dict[str, int]:
    permissions = [Permission.MANAGE_PROFILES, Permission.RECEIVE_DIGESTS]
    return {
        "owner": office.owner_id,
        "manager of Sales": await a_manager(office.engine, "Sales"),
        "manager of Support": await a_manager(office.engine, "Support"),
        "custom role in Baltics": await a_user(office.engine, Role.CUSTOM, "Sales / Baltics", permissions=permissions),
    }


@pytest.fixture
async def story(engine: Engine, office: Office) -> Story:
    """Six sign-ups: two to Sales, one to a department that moves to Support, one to Support; then what befell them."""
    owner_id, now = office.owner_id, engine.now()
    for path in ("Sales / Baltics", "Support"):
        await engine.write(departments.add, owner_id, path, now)
    viewers = await _viewers(office)
    card = await office.profile()

    async def sign_up(name: str) -> int:
        form = a_form(f"{name}@example.com")
        form = replace(form, newcomer=replace(form.newcomer, first_name=name))
        return (await engine.write(redemption.redeem, card.token, form, now)).user_id

    async def point(path: str) -> None:
        change = Change(field=EditedField.DEPARTMENT, value=path)
        await engine.write(profile_editing.edit, owner_id, card.profile_id, change, now)

    async def transfer(user_id: int, path: str) -> None:
        await engine.write(people.transfer, owner_id, user_id, path, now)

    _, transferred, deleted, returned = [
        await sign_up(name) for name in ("stayed", "transferred", "deleted", "returned")
    ]
    await point("Sales / Baltics")
    await sign_up("moved")
    await point("Support")
    await sign_up("elsewhere")
    await point("Sales / EMEA")
    await transfer(transferred, "Support")
    await transfer(returned, "Support")
    await transfer(returned, "Sales / EMEA")
    await engine.write(departments.move, owner_id, "Sales / Baltics", "Support", now)
    await engine.write(people.delete, owner_id, deleted, now)
    return Story(office=office, profile_id=card.profile_id, viewers=viewers)


async def pages(engine: Engine, viewer_id: int, profile_id: int, size: int) -> list[History]:
    """Read a history to its end by pages of a size."""
    found = [await engine.read(history.page, viewer_id, profile_id, size=size)]
    while found[-1].older_than is not None:
        found.append(await engine.read(history.page, viewer_id, profile_id, before=found[-1].older_than, size=size))
    return found


@pytest.mark.parametrize("size", [1, 2, 1000], ids=["one by one", "by twos", "as an export reads it"])
@pytest.mark.parametrize("viewer", VIEWERS)
async def test_a_history_shows_and_counts_the_learners_who_are_now_in_the_viewers_departments(
    engine: Engine, story: Story, viewer: str, size: int
) -> None:
    names, hidden = VIEWERS[viewer]
    read = await pages(engine, story.viewers[viewer], story.profile_id, size)
    assert [entry.first_name for page in read for entry in page.entries] == names[::-1]
    assert {(page.shown, page.hidden) for page in read} == {(len(names), hidden)}


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_a_digest_shows_and_counts_the_same_learners_as_the_history(
    engine: Engine, story: Story, viewer: str
) -> None:
    names, hidden = VIEWERS[viewer]
    [news] = (await ask(engine, story.viewers[viewer], in_detail=True)).news
    assert sorted(news.names) == sorted(f"{name} Berzina" for name in names)
    assert (news.shown, news.hidden) == (len(names), hidden)


@pytest.mark.parametrize("viewer", [viewer for viewer in VIEWERS if "deleted" in VIEWERS[viewer][0]])
async def test_a_deleted_learner_is_shown_as_such_to_those_who_could_see_them(
    engine: Engine, story: Story, viewer: str
) -> None:
    [page] = await pages(engine, story.viewers[viewer], story.profile_id, 1000)
    assert [entry.first_name for entry in page.entries if entry.deleted] == ["deleted"]
