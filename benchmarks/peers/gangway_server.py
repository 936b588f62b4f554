"""Gangway in a process of its own, for `benchmarks.peers`: says its address and the paths of its links, and serves.

`python -m benchmarks.peers.gangway_server PORT FOLDER PEOPLE`: the port is chosen anew, since the tests' site does so.
There is a link for each 300 people, since one lets in only so many in an hour.
"""

import asyncio
import json
import sys

from argon2 import PasswordHasher

from core import logs, passwords
from core.engine import Engine
from tests.support.account import an_office
from tests.support.site import open_site

PEOPLE_OF_A_LINK = 300


async def main(folder: str, people: int) -> None:
    """Serve until the process is ended."""
    engine = Engine(f"sqlite:///{folder}/gangway.db")
    await engine.migrate()
    office = await an_office(engine)
    await office.ask_no_proof()
    links = 1 + people // PEOPLE_OF_A_LINK
    tokens = [(await office.profile(limit="unlimited")).token for _ in range(links)]
    async with open_site(engine, trusted_proxies="127.0.0.1") as site:
        print(json.dumps({"address": site.address, "paths": [f"/s/{token}" for token in tokens]}), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    logs.configure(level="error", style="console")
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    asyncio.run(main(sys.argv[2], int(sys.argv[3])))
