"""What a digest covers and says, and that nothing is lost between two."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core.domain.links import LinkState
from core.domain.tallies import Hidden
from core.engine import Engine
from core.errors import NotAllowed
from core.services import (
    account,
    departments,
    digests,
    history,
    profile_editing,
    profile_links,
    profile_removal,
    redemption,
)
from core.services.digest_news import ProfileNews
from core.services.digest_summaries import Summary
from tests.support.account import Office, a_form
from tests.support.clock import Clock
from tests.support.digests import ask, queued, subscribe, summary, tick
from tests.support.rows import a_manager, deactivate, demote, repoint, transfer
from tests.support.transactions import under_way, until_somebody_waits


def names(digest: Summary) -> list[str]:
    return [name.split()[0] for news in digest.news for name in news.names]


async def test_the_first_digest_covers_everything_and_the_next_what_is_new(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    await office.sign_up(card.token, "anna@example.com")
    first, asked = await ask(engine, office.owner_id), clock()
    clock.advance(hours=1)
    await office.sign_up(card.token, "boris@example.com")
    await office.sign_up(card.token, "vera@example.com")
    second = await ask(engine, office.owner_id)
    assert (first.shown, first.since, first.until) == (1, None, asked)
    assert (second.shown, second.since, second.until) == (2, asked, clock())


async def test_a_digest_without_news_is_empty(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await office.sign_up(card.token)
    await ask(engine, office.owner_id)
    assert (await ask(engine, office.owner_id)).news == ()


NONE = Hidden(transferred=0, elsewhere=0)


async def test_a_digest_sums_up_each_profile_by_name(engine: Engine, office: Office) -> None:
    winter, autumn = await office.profile(name="Winter", limit="unlimited"), await office.profile(name="autumn")
    for number in range(12):
        await office.sign_up(winter.token, f"learner{number}@example.com")
    only = (await office.sign_up(autumn.token)).user_id
    digest = await ask(engine, office.owner_id, in_detail=True)
    common = ProfileNews(
        profile_id=winter.profile_id,
        name="Winter",
        department=("Sales", "EMEA"),
        names=10 * ("Anna Berzina",),
        shown=12,
        returned=0,
        undone=0,
        hidden=NONE,
        left=None,
    )
    assert digest.news == (
        replace(
            common, profile_id=autumn.profile_id, name="autumn", names=("Anna Berzina",), shown=1, left=49, only=only
        ),
        common,
    )
    assert (digest.shown, digest.hidden, digest.sign_up_enabled, digest.zone.key) == (13, 0, True, "UTC")


async def test_a_digest_at_a_glance_names_three_and_knows_who_alone_came_through_a_profile(
    engine: Engine, office: Office
) -> None:
    came = {"Autumn": 2, "Boats": 4, "Crews": 5, "Dock": 1}
    for name, number in came.items():
        card = await office.profile(name=name)
        made = [(await office.sign_up(card.token, f"learner{each}@{name}.com")).user_id for each in range(number)]
    digest = await ask(engine, office.owner_id)
    assert {news.name: (news.shown, len(news.names), news.only) for news in digest.news} == {
        "Autumn": (2, 2, None),
        "Boats": (4, 3, None),
        "Crews": (5, 0, None),
        "Dock": (1, 1, made[0]),
    }


async def test_a_digest_says_how_many_of_the_new_activations_were_returned(engine: Engine, office: Office) -> None:
    card, owner = await office.profile(), office.owner_id
    for number in range(3):
        await office.sign_up(card.token, f"learner{number}@example.com")
    entry = (await engine.read(history.page, owner, card.profile_id)).entries[0]
    await engine.write(history.return_activation, owner, entry.activation_id, "", engine.now())
    digest = await ask(engine, owner)
    assert (digest.shown, digest.returned, digest.undone) == (3, 1, 0), "the learner stays"


async def test_a_digest_names_who_came_after_sign_ups_that_were_undone(engine: Engine, office: Office) -> None:
    card, owner = await office.profile(), office.owner_id
    made = [(await office.sign_up(card.token, f"learner{number}@example.com")).user_id for number in range(5)]
    for entry in (await engine.read(history.page, owner, card.profile_id)).entries:
        if entry.user_id in made[:3]:
            await engine.write(history.return_activation, owner, entry.activation_id, "", engine.now())
            await deactivate(engine, entry.user_id)
    [news] = (await ask(engine, owner)).news
    assert (news.shown, news.undone, news.names) == (5, 3, ("Anna Berzina", "Anna Berzina"))


async def test_each_recipient_has_a_digest_of_their_own(engine: Engine, office: Office) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    await office.sign_up(card.token)
    assert (await ask(engine, office.owner_id)).shown == 1
    assert (await ask(engine, manager)).shown == 1


async def test_a_manager_reads_of_managed_profiles_and_counts_hidden_learners(engine: Engine, office: Office) -> None:
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    sales, support = await office.profile(), await office.profile(department="Support")
    await office.sign_up(sales.token, "anna@example.com")
    moved = await office.sign_up(sales.token, "boris@example.com")
    await office.sign_up(support.token, "vera@example.com")
    await transfer(engine, moved.user_id, "Support")
    digest = await ask(engine, await a_manager(engine, "Sales"))
    assert [(news.name, news.shown, news.hidden) for news in digest.news] == [
        ("Autumn sales", 1, Hidden(transferred=1, elsewhere=0))
    ]
    assert (digest.shown, digest.hidden) == (1, 1)


async def test_a_digest_hides_learners_of_the_time_when_a_profile_pointed_elsewhere(
    engine: Engine, office: Office
) -> None:
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    card = await office.profile(department="Support")
    await office.sign_up(card.token)
    await repoint(engine, card.profile_id, "Sales")
    digest = await ask(engine, await a_manager(engine, "Sales"))
    assert (names(digest), digest.shown, digest.hidden) == ([], 0, 1)


async def test_learners_of_a_profile_that_is_deleted_are_told_of_to_everyone_who_managed_it(
    engine: Engine, office: Office
) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    await office.sign_up(card.token)
    await engine.write(profile_removal.remove, office.owner_id, [card.profile_id], engine.now())
    for recipient in (office.owner_id, manager):
        digest = await ask(engine, recipient)
        assert [(news.name, news.shown, news.over) for news in digest.news] == [("Autumn sales", 1, LinkState.REMOVED)]


async def test_a_digest_says_which_profiles_have_ended(engine: Engine, office: Office, clock: Clock) -> None:
    ended = await office.profile(window="now - +1 day")
    await office.sign_up(ended.token)
    clock.advance(days=3)
    assert [news.over for news in (await ask(engine, office.owner_id)).news] == [LinkState.ENDED]


@pytest.mark.usefixtures("office")
async def test_a_digest_is_written_by_the_rights_of_the_moment_it_is_read(engine: Engine) -> None:
    manager = await a_manager(engine, "Sales")
    await engine.write(digests.request, manager, 1002, engine.now())
    [message] = await queued(engine)
    await demote(engine, manager)
    with pytest.raises(NotAllowed):
        await summary(engine, message)
    with pytest.raises(NotAllowed):
        await ask(engine, manager)


async def test_a_digest_tells_which_profiles_end_soon_or_are_unused(
    engine: Engine, office: Office, clock: Clock
) -> None:
    used = await office.profile(name="Used", window="now - +1 month")
    await office.sign_up(used.token, "anna@example.com")
    ending = await office.profile(name="Ending", window="now - +168 hours")
    await office.sign_up(ending.token, "boris@example.com")
    await office.profile(name="Unused", window="now - +8 days")
    await office.profile(name="Future", window="+1 day - +7 days")
    paused = await office.profile(name="Paused")
    await engine.write(profile_editing.pause, office.owner_id, paused.profile_id, clock(), paused=True)
    removed = await office.profile(name="Removed")
    await engine.write(profile_removal.remove, office.owner_id, [removed.profile_id], clock())
    full = await office.profile(name="Full", window="now - +7 days", limit="1")
    await office.sign_up(full.token, "vera@example.com")
    digest = await ask(engine, office.owner_id, in_detail=True)
    assert not digest.more_upcoming
    assert [(upcoming.name, upcoming.ends_soon, upcoming.unused) for upcoming in digest.upcoming] == [
        ("Ending", True, False),
        ("Unused", False, True),
    ]
    assert digest.upcoming[0].ends_at == clock() + timedelta(days=7)


async def test_a_digest_names_labelled_links_that_nobody_has_used_of_profiles_that_others_have(
    engine: Engine, office: Office
) -> None:
    card, fresh, owner = await office.profile(name="Used"), await office.profile(name="Fresh"), office.owner_id
    for number, each in ((card, "Poster"), (card, "Mail"), (card, "Old"), (fresh, "Flyer")):
        await engine.write(profile_links.add, owner, number.profile_id, each, engine.now())
    found = await engine.read(profile_links.listing, owner, card.profile_id, engine.now())
    tokens = {each.label: each.token for each in found.links}
    await office.sign_up(tokens["Mail"], "anna@example.com")
    await engine.write(profile_links.replace, owner, card.profile_id, engine.now(), label="Old")
    digest = await ask(engine, owner, in_detail=True)
    assert [(each.name, each.label) for each in digest.upcoming if each.unused] == [
        ("Fresh", ""),
        ("Used", "Poster"),
        ("Used", "Old"),
    ]


async def test_a_digest_names_the_fifteen_profiles_that_end_first_and_says_if_there_are_more(
    engine: Engine, office: Office
) -> None:
    for number in range(16, 0, -1):
        await office.profile(name=f"In {number} days", window=f"now - +{number} days")
    digest = await ask(engine, office.owner_id, in_detail=True)
    assert [upcoming.name for upcoming in digest.upcoming] == [f"In {number} days" for number in range(1, 16)]
    assert digest.more_upcoming


async def test_after_downtime_one_digest_catches_up_and_no_second_one_is_right_behind_it(
    engine: Engine, office: Office, clock: Clock
) -> None:
    due = (await subscribe(engine, office.owner_id, "daily 18:00")).next_due
    assert due is not None
    clock.at = due + timedelta(days=2, hours=-1)
    assert await tick(engine) == 1
    assert (await engine.read(digests.subscription, office.owner_id)).next_due == due + timedelta(days=3)


async def test_a_digest_says_that_sign_up_is_off(engine: Engine, office: Office) -> None:
    await engine.write(account.switch_sign_up, office.owner_id, engine.now(), on=False)
    assert not (await ask(engine, office.owner_id)).sign_up_enabled


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_sign_up_under_way_while_a_digest_is_made_is_not_lost(engine: Engine, office: Office) -> None:
    slow_card, quick_card = await office.profile(name="Slow"), await office.profile(name="Quick")

    def sign_up(session: Session) -> redemption.SignedUp:
        return redemption.redeem(session, slow_card.token, a_form("anna@example.com"), engine.now())

    async with under_way(engine, sign_up) as slow:
        await office.sign_up(quick_card.token, "boris@example.com")  # has a higher number, and is committed first
        asked = asyncio.create_task(engine.write(digests.request, office.owner_id, 1001, engine.now()))
        await until_somebody_waits(engine)
    await asyncio.gather(slow, asked)
    [message] = await queued(engine)
    first, second = await summary(engine, message), await ask(engine, office.owner_id)
    assert sorted(news.name for digest in (first, second) for news in digest.news) == ["Quick", "Slow"]
