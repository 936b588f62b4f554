"""Long searches: how many of a person are kept, and for how long."""

from core.services import searches
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager


async def test_of_a_person_the_fifty_searches_used_last_are_kept(office: Office, clock: Clock) -> None:
    engine, other = office.engine, await a_manager(office.engine, "Sales")
    theirs = await engine.write(searches.keep, other, "theirs", clock())
    numbers = [
        await engine.write(searches.keep, office.owner_id, f"words {number}", clock.advance(seconds=1))
        for number in range(51)
    ]
    found = [await engine.read(searches.words, office.owner_id, number) for number in numbers]
    assert found == [None, *(f"words {number}" for number in range(1, 51))]
    assert await engine.read(searches.words, other, theirs) == "theirs"
    assert await engine.read(searches.words, office.owner_id, theirs) is None


async def test_a_search_is_kept_for_thirty_days_after_its_last_use(office: Office, clock: Clock) -> None:
    engine, owner = office.engine, office.owner_id
    number = await engine.write(searches.keep, owner, "words", clock())
    clock.advance(days=20)
    assert await engine.write(searches.keep, owner, "words", clock()) == number
    await engine.write(searches.sweep, clock.advance(days=30))
    assert await engine.read(searches.words, owner, number) == "words"
    await engine.write(searches.sweep, clock.advance(seconds=1))
    assert await engine.read(searches.words, owner, number) is None
