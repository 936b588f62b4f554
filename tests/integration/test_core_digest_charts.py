"""A digest's picture: which profiles have a colour of their own, and in which order."""

from core.services import digest_charts, digests
from core.services.digest_charts import DigestChart
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.digests import queued


async def chart(office: Office) -> DigestChart:
    await office.engine.write(digests.request, office.owner_id, 1001, office.engine.now())
    [message] = await queued(office.engine)
    found = await office.engine.read(digest_charts.chart, message.user_id, message.subject_id)
    assert found is not None
    return found


async def test_the_largest_profiles_come_first_and_equal_ones_by_their_numbers(office: Office, clock: Clock) -> None:
    cards = {name: await office.profile(name=name) for name in ("First", "Second", "Large")}
    order = ("Second", "First", "Large", "Large")
    for number, name in enumerate(order):
        await office.sign_up(cards[name].token, f"learner{number}@example.com")
        clock.advance(days=1)
    found = await chart(office)
    shown = [
        (each.profile.name, each.profile.profile_id, each.profile.joined, each.profile.removed)
        for each in found.series
        if each.profile
    ]
    assert shown == [
        ("Large", cards["Large"].profile_id, 2, False),
        ("First", cards["First"].profile_id, 1, False),
        ("Second", cards["Second"].profile_id, 1, False),
    ]


async def test_five_profiles_have_a_colour_and_the_others_one_together(office: Office) -> None:
    for number in range(6):
        card = await office.profile(name=f"P{number}")
        await office.sign_up(card.token, f"learner{number}@example.com")
    found = await chart(office)
    assert [each.profile.name if each.profile else None for each in found.series] == [
        *(f"P{number}" for number in range(5)),
        None,
    ]
