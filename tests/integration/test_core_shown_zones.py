"""What has times in it says in which zone to show them: the account's."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.services import (
    audit_log,
    courses,
    digests,
    export,
    history,
    people,
    people_list,
    policies,
    profile_lists,
    profiles,
    progress,
    request_answers,
    rosters,
    time_zone,
    unconfirmed,
    waiting_sign_ups,
)
from core.services.policies import Switch
from core.services.progress import Cohort, Which
from core.services.time_zone import Keep
from tests.support.account import Office
from tests.support.digests import ask
from tests.support.rosters import through
from tests.support.rows import a_request

Reader = Callable[[Session, int, int, datetime], Any]
READERS: dict[str, Reader] = {
    "log": lambda session, actor, _, __: audit_log.page(session, actor),
    "history": lambda session, actor, profile, _: history.page(session, actor, profile),
    "export": lambda session, actor, profile, _: export.page(session, actor, profile),
    "profile": profiles.card,
    "profiles": lambda session, actor, _, now: profile_lists.listing(session, actor, "", 0, now).cards[0],
    "missing": lambda session, actor, profile, _: rosters.missing(session, actor, through(profile)),
    "progress": lambda session, actor, profile, now: progress.page(
        session, actor, Cohort(profile_id=profile), Which.ALL, now
    ),
    "own card": lambda session, actor, _, __: people.own_card(session, actor),
    "people": lambda session, actor, _, __: people_list.listing(session, actor, "").cards[0],
    "course": lambda session, _, __, now: courses.mine(session, 2, now)[0],
    "digest": lambda session, actor, _, __: digests.subscription(session, actor),
    "requests": lambda session, actor, _, now: request_answers.listing(session, actor, now).asked[0],
    "request": lambda session, actor, _, now: request_answers.asked(session, actor, 1, now),
    "waiting": lambda session, actor, _, now: waiting_sign_ups.listing(session, actor, "", now).waiting[0],
    "lost messages": lambda session, actor, _, now: unconfirmed.listing(session, actor, now),
}


@pytest.mark.parametrize("what", READERS)
async def test_times_are_shown_in_the_accounts_zone(office: Office, what: str) -> None:
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    await engine.write(time_zone.change, owner, "Asia/Tokyo", Keep.MOMENTS, now)
    card = await office.profile()
    await office.sign_up(card.token, "anna@example.com")
    await engine.write(policies.switch, owner, Switch.APPROVAL, now, on=True)
    await office.sign_up(card.token, "boris@example.com")
    await a_request(engine, card.token, "Clara")
    found = await engine.read(lambda session: READERS[what](session, owner, card.profile_id, now))
    assert found.zone.key == "Asia/Tokyo"


async def test_a_digests_times_are_shown_in_the_accounts_zone(office: Office) -> None:
    await office.engine.write(time_zone.change, office.owner_id, "Asia/Tokyo", Keep.MOMENTS, office.engine.now())
    assert (await ask(office.engine, office.owner_id)).zone.key == "Asia/Tokyo"
