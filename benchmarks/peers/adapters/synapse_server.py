"""Synapse with a registration token that so many people can use: the nearest to a link with a limit.

`synapse_server.py PORT FOLDER PEOPLE`, with the Python of the peers. SQLite, no rate limit, and the cheapest hash that
bcrypt has.
"""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from signedjson.key import generate_signing_key, write_signing_keys
from synapse.app.homeserver import main
from twisted.internet import reactor

PORT, FOLDER, PEOPLE = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
TOKEN, SHARED = "ofall", "of a measurement"
DATABASE = FOLDER / "synapse.db"
NO_LIMIT = {"per_second": 1_000_000, "burst_count": 1_000_000}
CONFIGURATION = {
    "server_name": "bench.example",
    "report_stats": False,
    "pid_file": str(FOLDER / "synapse.pid"),
    "media_store_path": str(FOLDER / "media"),
    "signing_key_path": str(FOLDER / "signing.key"),
    "log_config": str(FOLDER / "log.json"),
    "registration_shared_secret": SHARED,
    "macaroon_secret_key": SHARED,
    "form_secret": SHARED,
    "bcrypt_rounds": 4,
    "enable_registration": True,
    "registration_requires_token": True,
    "trusted_key_servers": [],
    "listeners": [
        {
            "port": PORT,
            "type": "http",
            "bind_addresses": ["127.0.0.1"],
            "resources": [{"names": ["client"]}],
        }
    ],
    "database": {"name": "sqlite3", "args": {"database": str(DATABASE)}},
    "rc_registration": NO_LIMIT,
    "rc_registration_token_validity": NO_LIMIT,
    "rc_login": {"address": NO_LIMIT, "account": NO_LIMIT, "failed_attempts": NO_LIMIT},
}
QUIET = {"version": 1, "root": {"level": "ERROR"}}


def add_token() -> None:
    """Store the registration token; the tables exist when the reactor runs."""
    with closing(sqlite3.connect(DATABASE, timeout=20)) as database, database:
        database.execute("INSERT INTO registration_tokens VALUES (?, ?, 0, 0, NULL)", (TOKEN, PEOPLE))


if __name__ == "__main__":
    (FOLDER / "log.json").write_text(json.dumps(QUIET))
    (FOLDER / "synapse.json").write_text(json.dumps(CONFIGURATION))  # YAML reads JSON
    with (FOLDER / "signing.key").open("w") as file:
        write_signing_keys(file, [generate_signing_key("1")])
    print(json.dumps({}), flush=True)
    reactor.callWhenRunning(add_token)
    sys.argv[1:] = ["--config-path", str(FOLDER / "synapse.json")]
    main()
