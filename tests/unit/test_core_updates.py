"""What is kept of an update for people to read later, and whose word it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.updates import Source, line_of, source_of

ANNA = {"id": 7, "is_bot": False, "first_name": "Anna"}
BOT = {"id": 8, "is_bot": True, "first_name": "Helper", "username": "helper_bot"}
OWN = {"from": ANNA, "chat": {"id": 7, "type": "private"}, "text": "/digest now"}
CHANNEL = {"id": -1001, "type": "channel", "title": "News"}
NOT_OWN: dict[str, Any] = {
    "forward_origin": {"type": "hidden_user", "sender_user_name": "Boris", "date": 1},
    "forward_date": 1,
    "forward_from": ANNA,
    "forward_from_chat": CHANNEL,
    "forward_sender_name": "Boris",
    "via_bot": BOT,
    "sender_chat": CHANNEL,
    "is_automatic_forward": True,
    "author_signature": "Boris",
    "sender_business_bot": BOT,
    "business_connection_id": "b",
    "guest_query_id": "g",
    "guest_bot_caller_user": ANNA,
    "guest_bot_caller_chat": CHANNEL,
}
HARMLESS: dict[str, Any] = {
    "reply_to_message": {**OWN, "forward_origin": {}, "via_bot": BOT},
    "external_reply": {"origin": NOT_OWN["forward_origin"]},
    "quote": {"text": "/digest now", "position": 0},
    "edit_date": 1,
    "is_topic_message": True,
    "message_thread_id": 5,
    "sender_boost_count": 1,
    "is_automatic_forward": False,
    "via_bot": None,
}


@pytest.mark.parametrize("text", ["/start code", "/Start code", "/START@gangway_bot code", " /start code", "/start"])
@pytest.mark.parametrize("kind", ["message", "edited_message"])
def test_of_a_start_the_code_is_never_read_again(text: str, kind: str) -> None:
    assert line_of({kind: {"text": text}}) == "/start"


@pytest.mark.parametrize("text", ["/profile 1", "start code", ""])
def test_other_lines_are_as_they_were_written(text: str) -> None:
    assert line_of({"message": {"text": text}}) == text


@given(st.sets(st.sampled_from(sorted(NOT_OWN)), min_size=1), st.sets(st.sampled_from(sorted(HARMLESS))))
def test_one_sign_of_another_author_is_enough_whatever_else_a_message_has(signs: set[str], others: set[str]) -> None:
    message = OWN | {name: HARMLESS[name] for name in others} | {name: NOT_OWN[name] for name in signs}
    assert source_of(message) is not Source.OWN


@given(st.sets(st.sampled_from(sorted(HARMLESS))))
def test_what_a_person_writes_is_their_own_word_also_if_it_replies_or_quotes(others: set[str]) -> None:
    assert source_of(OWN | {name: HARMLESS[name] for name in others}) is Source.OWN


@pytest.mark.parametrize(
    ("fields", "source"),
    [
        ({"from": BOT}, Source.BOT),
        ({"from": BOT, "forward_origin": {}}, Source.BOT),
        ({"from": BOT, "sender_chat": CHANNEL}, Source.CHAT),
        ({"from": None}, Source.CHAT),
        ({"chat": CHANNEL}, Source.CHAT),
        ({"via_bot": BOT, "forward_origin": {"type": "user"}}, Source.VIA_BOT),
        ({"forward_origin": {}}, Source.FORWARDED),
        ({"business_connection_id": "b", "via_bot": BOT}, Source.BUSINESS),
    ],
    ids=str,
)
def test_a_source_is_named_by_its_strongest_sign(fields: dict[str, Any], source: Source) -> None:
    assert source_of(OWN | fields) is source
