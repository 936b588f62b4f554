"""A sandbox and its owner in a process of their own, so that what they cost is not counted as the bot's.

Prints the sandbox's address; then reads jobs from its input, a line of JSON each: `{"line": ..., "times": ...}` or
`{"tap": [...], "times": ...}`, which taps the labels in turn; answers "done" to each.
"""

import asyncio
import json
import sys
from itertools import cycle, islice

from aiohttp import ClientSession

from bot.sandbox import Sandbox
from tests.support.bot_fixture import OWNER
from tests.support.chat import Person


async def main() -> None:
    """Do the jobs as they come."""
    sandbox = Sandbox(port=0, owner_id=OWNER)
    await sandbox.start()
    print(sandbox.url, flush=True)
    async with ClientSession() as http:
        owner = Person(http, sandbox.url, OWNER)
        while line := await asyncio.to_thread(sys.stdin.readline):
            job = json.loads(line)
            if "line" in job:
                for _ in range(job["times"]):
                    await owner.reads(after=await owner.says(job["line"]))
            else:
                for label in islice(cycle(job["tap"]), job["times"]):
                    await owner.taps(label)
                    await owner.reads()
            print("done", flush=True)
    await sandbox.stop()


if __name__ == "__main__":
    asyncio.run(main())
