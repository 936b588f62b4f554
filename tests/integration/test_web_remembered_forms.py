"""The form's page is rendered once for all who see the same: what differs or has changed is in the very next page."""

import pytest

from core.services import account, profile_editing
from core.services.profiles import Card
from tests.support.account import Office
from tests.support.site import Site, read_form


@pytest.fixture
async def card(office: Office) -> Card:
    return await office.profile(limit="2")


async def test_each_visitor_gets_the_same_page_with_a_token_of_their_own_that_works(site: Site, card: Card) -> None:
    path, visitors = f"/s/{card.token}", [site.visitor() for _ in range(2)]
    pages = [await visitor.get(path) for visitor in visitors]
    forms = [read_form(path, page) for page in pages]
    assert forms[0].token != forms[1].token
    assert pages[0].body.replace(forms[0].token, "") == pages[1].body.replace(forms[1].token, "")
    for number, (visitor, form) in enumerate(zip(visitors, forms, strict=True)):
        assert (await visitor.fill(form, f"visitor{number}@example.com")).status == 303


async def test_what_has_changed_is_in_the_next_page(office: Office, site: Site, card: Card) -> None:
    path, visitor, now = f"/s/{card.token}", site.visitor(), office.engine.now()
    assert "2 places are left." in (await visitor.get(path)).body
    await office.sign_up(card.token, "first@example.com")
    assert "1 place is left." in (await visitor.get(path)).body
    await office.engine.write(account.rename, office.owner_id, "Acme", now)
    assert "Acme" in (await visitor.get(path)).body
    await office.engine.write(profile_editing.pause, office.owner_id, card.profile_id, now, paused=True)
    assert (await visitor.get(path)).status == 403
    await office.engine.write(profile_editing.pause, office.owner_id, card.profile_id, now, paused=False)
    assert (await visitor.get(path)).status == 200


async def test_languages_are_not_mixed_up_and_a_choice_is_kept(site: Site, card: Card) -> None:
    path = f"/s/{card.token}"
    for _ in range(2):
        assert (await site.visitor().get(path)).heading == "Create your account"
        chosen = await site.visitor().get(f"{path}?lang=ru")
        assert chosen.heading == "Создайте учётную запись"
        assert "ru" in {cookie["value"] for cookie in chosen.cookies.values()}


async def test_who_is_logged_in_is_named_to_themselves_only(site: Site, card: Card) -> None:
    visitor, path = site.visitor(), f"/s/{card.token}"
    await visitor.sign_up(card.token)
    assert "You are logged in as Anna." in (await visitor.get(path)).body
    assert "Anna" not in (await site.visitor().get(path)).body
