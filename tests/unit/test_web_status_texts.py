"""Sentences of status pages where the organisation has no name."""

import pytest

from web.status_texts import REQUESTS, STANDINGS, StandingWords

NAME = "%(organisation)s"


@pytest.mark.parametrize("words", [*STANDINGS.values(), *REQUESTS.values()])
def test_one_without_a_name_is_named_at_the_beginning_of_a_sentence_or_not_at_all(words: StandingWords) -> None:
    told = words.nameless or words.happened
    assert NAME not in told or told.startswith(NAME)
    assert NAME not in words.title + words.following
    assert bool(words.nameless) == (NAME in words.happened and not words.happened.startswith(NAME))
