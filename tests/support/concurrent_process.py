"""A process of its own that sends forms at once: `python -m tests.support.concurrent_process URL`.

Each job is a line of JSON and is answered "ready"; the next line is the start, answered with the outcomes.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from core.engine import Engine
from core.services import redemption, sign_up_page
from tests.support.account import a_form
from tests.support.concurrent_engines import Attempt, Outcome


async def main(database_url: str) -> None:
    """Take jobs until there are no more."""
    engine = Engine(database_url)
    while line := await asyncio.to_thread(sys.stdin.readline):
        await _work(engine, json.loads(line))
    await engine.close()


async def _work(engine: Engine, job: Mapping[str, Any]) -> None:
    """Get ready, wait for the start, send every form, and say what came of each."""
    now, attempts = datetime.fromisoformat(job["now"]), [Attempt(**attempt) for attempt in job["attempts"]]
    await asyncio.gather(
        *(engine.read(sign_up_page.preview, one.token, now) for one in attempts[:8])
    )  # to be connected
    _say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    outcomes = await asyncio.gather(*(_send(engine, attempt, now) for attempt in attempts))
    _say([asdict(outcome) for outcome in outcomes])


def _say(message: object) -> None:
    sys.stdout.write(f"{json.dumps(message)}\n")
    sys.stdout.flush()


async def _send(engine: Engine, attempt: Attempt, now: datetime) -> Outcome:
    form = a_form(attempt.email, form_key=attempt.form_key)
    try:
        made = await engine.write(redemption.redeem, attempt.token, form, now)
    except Exception as error:  # noqa: BLE001 - whatever it is, whoever started the race judges it
        return Outcome(exception=type(error).__name__, words=" ".join(map(str, vars(error).values())) or str(error))
    return Outcome(user_id=made.user_id, repeated=made.repeated)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
