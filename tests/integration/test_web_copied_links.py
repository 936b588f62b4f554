"""Links that were copied with punctuation, and addresses that are none."""

import pytest

from core.domain.copied_links import is_sound
from core.services import profiles
from tests.support.account import Office
from tests.support.site import Site


@pytest.mark.parametrize(
    "copied",
    [
        *["/s/{})", "/s/{}.", "/s/{},", "/s/{}%20", "/s/{}%C2%A0", "/s/{}%E2%80%8B", "/s/{}/", "/s/{}%0A", "/s/_{}_"],
        *["/s/%3C{}%3E", "/s/3D{}", "/S/{}", "/s/{}%22", "/s/%20{}", "/s/{}%2520", "/s/*{}*"],
    ],
)
async def test_a_copied_link_leads_to_the_form(office: Office, site: Site, copied: str) -> None:
    token, visitor = (await office.profile()).token, site.visitor()
    for method in ("GET", "HEAD"):
        answer = await visitor.send(method, copied.format(token))
        assert (answer.status, answer.location) == (303, f"/s/{token}")
    assert (await visitor.get(answer.location)).heading == "Create your account"


@pytest.mark.parametrize("path", ["/s/nothing-like-it.", "/s/%E2%80%8B", "/s/a/b/c", "/S/x", "/s/" + "x" * 3000])
async def test_an_address_that_is_no_link_has_a_way_on(office: Office, site: Site, path: str) -> None:
    await office.profile()
    page = await site.visitor().get(path)
    assert (page.status, page.heading) == (404, "Page not found")
    assert page.texts("a", href="/courses") == ["Go to My Courses"]


def test_new_tokens_begin_and_end_with_a_letter_or_digit() -> None:
    assert all(is_sound(profiles.new_token()) for _ in range(300))
