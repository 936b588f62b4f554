"""Which link is meant by what people copied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.copied_links import LONGEST_TOKEN, RUN, is_sound, possible_tokens

TOKEN = "Yp3kQ-x_9fR2aa7VbbL0cc1Z"


@pytest.mark.parametrize(
    "copied",
    [
        *[TOKEN + end for end in (")", ".", ",", ";", ">", '"', "*", "/", "%20", "\n", "\u00a0", "\u200b", "…", "»")],
        *[f"<{TOKEN}>", f"_{TOKEN}_", f"*{TOKEN}*", f"({TOKEN}).", f"3D{TOKEN}", f"={TOKEN}", f"%3C{TOKEN}%3E"],
        f"{TOKEN[:9]}\u200b{TOKEN[9:]}",
        f"{TOKEN[:9]}\r\n{TOKEN[9:]}",
        f"{TOKEN}),which is where",
    ],
)
def test_what_messengers_and_sentences_add_is_left_out(copied: str) -> None:
    assert TOKEN in possible_tokens(copied)


@given(st.text(max_size=400))
def test_a_few_tokens_at_most_are_looked_for(copied: str) -> None:
    found = possible_tokens(copied)
    assert len(found) <= 6
    assert all(RUN.fullmatch(token) and len(token) <= LONGEST_TOKEN for token in found)


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}[A-Za-z0-9]", fullmatch=True))
def test_a_token_alone_is_meant_itself(token: str) -> None:
    assert possible_tokens(token)[0] == token
    assert is_sound(token)


@pytest.mark.parametrize("token", ["", "-abc", "abc_", "_abc_"])
def test_tokens_that_formatting_could_hide_are_not_made(token: str) -> None:
    assert not is_sound(token)
