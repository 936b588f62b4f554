"""What may come after ? in DATABASE_URL: each option's name and value. As there, no message shows a value.

What libpq knows of its options is asked of libpq, which checks them before it looks for a server.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl

from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

SQLITE, POSTGRESQL = "sqlite:///data/gangway.db", "postgresql://user@host/name"
HIGHEST_PORT, HIGHEST_NUMBER = 65535, 2**31 - 1
LONGEST_WAIT = 3600  # seconds
REPEATABLE = frozenset({"host", "port"})  # several servers, of which one is up
WHOLE_NUMBERS = ("connect_timeout", "keepalives_count", "keepalives_idle", "keepalives_interval", "tcp_user_timeout")
FILES = ("sslcert", "sslcrl", "sslkey", "sslrootcert")
NOT_FOR_US = frozenset({"replication"})  # such a connection understands no SQL
SWITCH = ("0", "1")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "sslmode": ("allow", "disable", "prefer", "require", "verify-ca", "verify-full"),
    "gssencmode": ("disable", "prefer", "require"),
    "channel_binding": ("disable", "prefer", "require"),
    "target_session_attrs": ("any", "primary", "prefer-standby", "read-only", "read-write", "standby"),
    "load_balance_hosts": ("disable", "random"),
    "client_encoding": ("UTF8", "utf8"),
    **dict.fromkeys(("gssdelegation", "keepalives", "sslcompression", "sslsni"), SWITCH),
}
OF_SESSION = re.compile(r"(?:\s*(?:-c\s*|--)[A-Za-z_][\w.-]*=(?:\\.|[^\s\\])*(?=\s|$))*\s*", re.ASCII)
SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
NOWHERE = "/dev/null"  # no folder, so that no server has its socket there

Options = Mapping[str, list[str]]


def options_of(url: str) -> Options:
    """Return the values of each option; unlike SQLAlchemy, also the empty ones."""
    options: dict[str, list[str]] = {}
    for name, value in parse_qsl(url.partition("?")[2], keep_blank_values=True):
        options.setdefault(name, []).append(value)
    return options


def check_of_sqlite(options: Options) -> None:
    """Check that there is nothing but how long to wait for a lock. Raises ValueError."""
    if set(options) - {"timeout"}:
        message = f"has an option (after ?) that isn't known for SQLite; write it like {SQLITE}"
    elif fault := _fault_of_form(options):
        message = fault
    elif any(not SECONDS.fullmatch(value) or float(value) > LONGEST_WAIT for value in options.get("timeout", [])):
        message = f"has a timeout that is no number of seconds from 0 to {LONGEST_WAIT}, like timeout=10"
    else:
        return
    raise ValueError(message)


def check_of_postgresql(url: URL, options: Options) -> None:
    """Check names and values, and that libpq accepts them together. Raises ValueError."""
    known = _known()
    if unknown := [name for name in options if name not in known]:
        meant = _suggestion(unknown, known)
        message = f"has an option (after ?) that PostgreSQL doesn't know{meant}; one is sslmode=require"
        raise ValueError(message)
    single = {name: values[0] for name, values in options.items() if name not in REPEATABLE}
    fault = _fault_of_form(options) or _fault_of_servers(url) or _fault_of_values(single) or _fault_by_libpq(single)
    if fault:
        raise ValueError(fault)


def _fault_of_form(options: Options) -> str | None:
    if any(len(values) > 1 and name not in REPEATABLE for name, values in options.items()):
        return "has an option (after ?) twice; keep one of them"
    if not all(all(values) for values in options.values()):
        return "has an option (after ?) without a value; give it one, or leave it out"
    return None


def _fault_of_servers(url: URL) -> str | None:
    """Say what is wrong with hosts and ports, which may be in both parts of the URL."""
    dialect = url.set(drivername="postgresql+psycopg").get_dialect()()
    try:
        _, servers = dialect.create_connect_args(url)
    except ArgumentError:
        return "has a port that is none, or hosts and ports that don't go together; write host=a,b&port=5432,5433"
    ports, hosts, addresses = (
        str(servers[name]).split(",") if name in servers else [] for name in ("port", "host", "hostaddr")
    )
    if not all(port == "" or (port.isdecimal() and 0 < int(port) <= HIGHEST_PORT) for port in ports):
        return f"has a port that is none, which is a number from 1 to {HIGHEST_PORT}"
    if not all(map(_is_address, addresses)):
        return "has a hostaddr that is no IP address, like hostaddr=10.0.0.5"
    numbers = {len(hosts), len(addresses)} - {0}
    if len(numbers) > 1 or len(ports) not in (0, 1, *numbers):
        return "has another number of hosts than of ports or addresses; write host=a,b&port=5432,5433"
    return None


def _fault_of_values(options: Mapping[str, str]) -> str | None:
    for name, value in options.items():
        if name in CHOICES and value not in CHOICES[name]:
            return f"has another {name} than {', '.join(CHOICES[name])}"
        if name in WHOLE_NUMBERS and not (value.isascii() and value.isdecimal() and int(value) <= HIGHEST_NUMBER):
            return f"has a {name} that is no whole number, like {name}=10"
        if name in FILES and not Path(value).is_file() and (name, value) != ("sslrootcert", "system"):
            return f"has a {name} that is no file here; write the whole path of one"
    if not OF_SESSION.fullmatch(options.get("options", "")):
        return "has options that can't be read; write options=-c%20name%3Dvalue"
    return None


def _fault_by_libpq(options: Mapping[str, str]) -> str | None:
    asked = {name: value for name, value in options.items() if name not in ("hostaddr", "gssencmode")}
    if not asked or not _is_refused(asked):
        return None
    wrong = next((name for name, value in asked.items() if _is_refused({name: value})), None)
    if wrong == "service":
        return "has a service that is in no pg_service.conf; write the host and the name instead"
    which = f"a {wrong}" if wrong else "options (after ?)"
    return f"has {which} that PostgreSQL doesn't accept; leave it out, or see its manual, Parameter Key Words"


def _is_refused(options: Mapping[str, str]) -> bool:
    """Return whether libpq refuses options before it tries to connect, which it does to a place without a server."""
    from psycopg import conninfo, pq  # noqa: PLC0415 - SQLite needs none of it

    connection = pq.PGconn.connect_start(conninfo.make_conninfo("", **{**options, "host": NOWHERE}).encode())
    try:
        return not connection.error_message.startswith(b"connection to server")
    finally:
        connection.finish()


def _known() -> frozenset[str]:
    """Return the options that libpq knows (PostgreSQL, 32.1.2)."""
    from psycopg import pq  # noqa: PLC0415 - as above

    return frozenset(option.keyword.decode() for option in pq.Conninfo.get_defaults()) - NOT_FOR_US


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _suggestion(unknown: Iterable[str], known: frozenset[str]) -> str:
    """Return the known option that was meant. The unknown isn't shown: it may be the rest of a password."""
    meant = [match for name in unknown for match in get_close_matches(name.lower(), known, n=1, cutoff=0.75)]
    return f" (did you mean {meant[0]}?)" if meant else ""
