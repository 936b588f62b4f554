"""Invitations and sign-up links as people paste them."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.input.pasted import INVISIBLE, invitation_code, link_and_rest, sign_up_token
from core.domain.updates import possible_codes

MAY_BE_ONE = re.compile(r"[A-Za-z0-9_-]{1,64}")
CODE = "AbC-_123AbC-_123AbC-_123AbC-_123"
TOKEN = "Yp3-_Yp3Yp3Yp3Yp3Yp3Yp3Y"
SITE = "https://signup.example.org"


@pytest.mark.parametrize(
    "text",
    [
        f"https://t.me/gangway_bot?start={CODE}",
        f"t.me/gangway_bot?start={CODE}",
        f"http://T.me/Gangway_Bot?start={CODE}",
        f"https://telegram.me/gangway_bot/?start={CODE}",
        f"tg://resolve?domain=gangway_bot&start={CODE}",
        f"https://t.me/gangway_bot?utm_source=mail&start={CODE}&fbclid=1",
        f"<https://t.me/gangway_bot?start={CODE}>",
        f"You are invited:\nhttps://t.me/gangway_bot?start={CODE}.\nIt is valid until 30 Nov 14:00.",
        f"[Join](https://t.me/gangway_bot?start={CODE})",
        f"/start {CODE}",
        f"/start   {CODE} .",
        f"/start <{CODE}>",
        f"/start “{CODE}”",
        f"/start: {CODE}",
        f"/start={CODE}",
        f"/START@gangway_bot {CODE}",
        f"start {CODE}",
        f"/start https://t.me/gangway_bot?start={CODE}",
        f"`{CODE}`",
        f" {CODE}\n",
    ],
)
def test_an_invitation_is_found_however_it_is_pasted(text: str) -> None:
    assert invitation_code(text, "gangway_bot") == CODE
    assert possible_codes({"message": {"text": text}}) == (CODE,), "else a stranger's would be left out of a flood"


@pytest.mark.parametrize("code", ["-" + CODE[1:], "_" + CODE[1:], CODE[:-1] + "-"])
def test_a_code_keeps_its_hyphens(code: str) -> None:
    for text in (f"/start {code}", f"/start  “{code}”", f"https://t.me/gangway_bot?start={code}", code):
        assert invitation_code(text, "gangway_bot") == code
        assert possible_codes({"message": {"text": text}}) == (code,)


def test_an_invitation_is_found_behind_a_word() -> None:
    link = f"https://t.me/gangway_bot?start={CODE}"
    assert invitation_code("Join here", "gangway_bot", links=["https://example.com", link]) == CODE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "/start",
        "/starting now",
        f"https://t.me/other_bot?start={CODE}",
        "https://t.me/gangway_bot",
        f"https://nott.me/gangway_bot?start={CODE}",
        "Please start the meeting",
        "start meeting",
        "/start " + " " * 4000,
        "https://t.me/gangway_bot?startgroup=x",
    ],
)
def test_what_is_no_invitation_to_this_bot_is_none(text: str) -> None:
    assert invitation_code(text, "gangway_bot") is None


@given(before=st.text(max_size=60), after=st.text(max_size=60))
def test_an_invitation_within_any_message_is_found(before: str, after: str) -> None:
    text = f"{before} https://t.me/gangway_bot?start={CODE} {after}"
    assert invitation_code(text, "gangway_bot") is not None


@pytest.mark.parametrize(
    ("pasted", "time"),
    [
        (f"{SITE}/s/{TOKEN}", ""),
        (f"{SITE}/s/{TOKEN}.", ""),
        (f"<{SITE}/s/{TOKEN}>", ""),
        (f"({SITE}/s/{TOKEN}),", ""),
        (f"«{SITE}/s/{TOKEN}»", ""),
        (f"http://SIGNUP.EXAMPLE.ORG/s/{TOKEN}", ""),
        (f"signup.example.org/s/{TOKEN}/", ""),
        (f"{SITE}/s/{TOKEN}?fbclid=IwAR0_x-1&utm_source=a/s/b#top", ""),
        (f"https://l.facebook.com/l.php?u=https%3A%2F%2Fsignup.example.org%2Fs%2F{TOKEN}%3Ffbclid%3D1&h=2", ""),
        (f"https://t.me/share/url?url=https%3A%2F%2Fsignup.example.org%2Fs%2F{TOKEN}", ""),
        (f"[Sign up]({SITE}/s/{TOKEN})", ""),
        (f"Autumn sales: {SITE}/s/{TOKEN}", ""),
        (f"\u2068{SITE}/s/{TOKEN}\u2069", ""),
        (f"{SITE}/s/{TOKEN}. 2026-12-24 18:00", "2026-12-24 18:00"),
        (f"{SITE}/s/{TOKEN}?x=1\n2026-12-24", "2026-12-24"),
        (TOKEN, ""),
        (f"“{TOKEN}”, +2 weeks", "+2 weeks"),
        (f"(\x1f{TOKEN}\x1f)", ""),
        (f"« {TOKEN} » ", ""),
        (f"« {SITE}/s/{TOKEN} », +2 weeks", "+2 weeks"),
        (f"{TOKEN} 2026-12-24 18:00", "2026-12-24 18:00"),
    ],
)
def test_a_link_and_the_time_behind_it_are_found_however_the_link_is_pasted(pasted: str, time: str) -> None:
    assert link_and_rest(pasted) == (TOKEN, time)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        (f"{SITE}/s/{TOKEN}", TOKEN),
        (f"Is this right? HTTP://Signup.Example.org/s/{TOKEN}?fbclid=1", TOKEN),
        (f"https://evil.example/s/{TOKEN}", None),
        (f"https://signup.example.org.evil.example/s/{TOKEN}", None),
        ("good morning", None),
        (f"{SITE}/courses", None),
    ],
)
def test_only_this_sites_links_are_sign_up_links(text: str, token: str | None) -> None:
    assert sign_up_token(text, SITE) == token


ANYTHING = st.text(max_size=60) | st.text("/s=?&:%2Fstart.me\u2060 <>", max_size=60)


@given(before=ANYTHING, after=ANYTHING)
def test_only_what_may_be_a_code_or_a_token_is_found_in_any_text(before: str, after: str) -> None:
    for text in (f"{before}{after}", f"{before}t.me/gangway_bot?start={after}", f"{before}{SITE}/s/{after}"):
        code, token, (link, rest) = invitation_code(text, "gangway_bot"), sign_up_token(text, SITE), link_and_rest(text)
        assert code is None or MAY_BE_ONE.fullmatch(code)
        assert token is None or MAY_BE_ONE.fullmatch(token)
        assert token is None or token in unquote(text.translate(INVISIBLE))
        assert (link, rest) == (link.strip(), rest.strip())
