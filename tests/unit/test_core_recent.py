"""What was answered is answered again for a second, while nothing was written."""

import pytest

from core.recent import AGE, MOST, Recent


class World:
    """A state that a write changes, and a clock."""

    def __init__(self) -> None:
        self.state, self.seconds = object(), 0.0
        self.recent = Recent(lambda: self.state, lambda: self.seconds)

    def answered(self, asked: object) -> object:
        found = self.recent.find(asked)
        return found.result if found else None


@pytest.fixture
def world() -> World:
    world = World()
    world.recent.begin("asked")("answer")
    return world


def test_an_answer_is_given_again(world: World) -> None:
    assert world.answered("asked") == "answer"
    assert world.answered("something else") is None


def test_an_answer_of_none_is_one() -> None:
    world = World()
    world.recent.begin("asked")(None)
    assert world.recent.find("asked") is not None


@pytest.mark.parametrize(("seconds", "expected"), [(AGE, "answer"), (AGE + 0.01, None)])
def test_an_answer_is_forgotten_after_a_second(world: World, seconds: float, expected: str | None) -> None:
    world.seconds = seconds
    assert world.answered("asked") == expected


def test_an_answer_is_as_old_as_the_beginning_of_its_read(world: World) -> None:
    remember = world.recent.begin("slow")
    world.seconds = AGE + 0.01
    remember("answer")
    assert world.answered("slow") is None


def test_a_write_ends_all_answers(world: World) -> None:
    world.state = object()
    assert world.answered("asked") is None


def test_what_was_read_before_a_write_is_not_an_answer_after_it(world: World) -> None:
    remember = world.recent.begin("slow")
    world.state = object()
    remember("from before")
    assert world.answered("slow") is None


def test_the_oldest_answers_go_first(world: World) -> None:
    for number in range(MOST):
        world.recent.begin(number)(number)
    assert world.answered("asked") is None
    assert world.answered(0) == 0
