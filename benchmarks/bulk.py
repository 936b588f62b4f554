"""An account after many busy years, written with plain SQL: 10,000 departments, a million activations.

A hundred thousand people are left; the other learners were deleted, and stand in histories alone.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, text, update

from core.domain.access import FOR_CUSTOM_ROLES, Role, UserState
from core.storage.tables import Account, CustomRole, Digest, DigestRun, ManagedDepartment, Moment, User

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FIRST_LEARNER = 1001  # the numbers below are left for staff
OWNER, MANAGER_OF_FEW, MANAGER_OF_MANY = 1, 2, 3
FEW, MANY = 400, 2  # what the managers manage: 13 departments in all, and about 3,300
ORDINARY, CROWDED, ELSEWHERE = 1, 2, 3  # profiles; in the last one our learners are the oldest, all others elsewhere
NEW = 1000  # activations since the last digest
NUMBERED = ("user_account", "activation", "profile", "link", "department", "custom_role", "digest_run")


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much of everything; each of the two big profiles has a tenth of the activations."""

    departments: int = 10_000
    profiles: int = 5_000
    activations: int = 1_000_000

    @property
    def crowd(self) -> int:
        """How many signed up through each of the big profiles."""
        return self.activations // 10


# Each department has three below it, down to eight below the root; what is left over hangs on the seventh level.
DEPARTMENTS = """
WITH RECURSIVE numbers (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM numbers WHERE i < :departments)
INSERT INTO department (id, parent_id, name, name_key)
SELECT i, CASE WHEN i <= 9841 THEN (i + 1) / 3 ELSE i - 8748 END, 'Department ' || i, 'department ' || i FROM numbers
"""
TREE = """
WITH RECURSIVE above (ancestor_id, descendant_id, depth) AS (
    SELECT id, id, 0 FROM department WHERE id > 1
    UNION ALL
    SELECT d.parent_id, above.descendant_id, above.depth + 1
    FROM above JOIN department d ON d.id = above.ancestor_id WHERE d.parent_id IS NOT NULL
)
INSERT INTO department_tree (ancestor_id, descendant_id, depth) SELECT ancestor_id, descendant_id, depth FROM above
"""
PROFILES = """
WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < :profiles)
INSERT INTO profile (id, name, name_key, department_id, starts_at, ends_at, activation_limit, used, reserved, paused,
    created_by, created_at)
SELECT i, 'Profile ' || i, 'profile ' || i, 1 + (i * 7919) % :departments, :past,
    CASE WHEN i % 5 = 0 THEN :soon WHEN i % 5 = 1 THEN :future ELSE :ended END,
    NULL, 0, 0, 1 = 0, 1, :past
FROM numbers
"""
POINTED = """
INSERT INTO profile_department (profile_id, department_id)
SELECT id, department_id FROM profile
UNION SELECT id, :few FROM profile WHERE id <= 3
UNION SELECT id, :many FROM profile WHERE id <= 3
"""
LINKS = """
INSERT INTO link (id, profile_id, token, label, label_key) SELECT id, id, 'token-' || id, '', '' FROM profile
"""
# The first learners of the profile ELSEWHERE are in branches that somebody manages (365 to 607 are below 2), all later
# ones outside.
LEARNERS = """
WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < :activations)
INSERT INTO user_account (id, role, department_id, state, first_name, last_name, email, login, phone, job_title,
    language, created_at, search_key)
SELECT 1000 + i, 'learner',
    CASE WHEN i <= 30 THEN :few WHEN i <= 2000 THEN 365 + i % 243 WHEN i <= :crowd THEN 4
        WHEN i % 3 = 0 THEN 1 + (i * 31) % :departments ELSE 1 + (i % :profiles * 7919) % :departments END,
    CASE WHEN i % 10 = 0 THEN 'active' ELSE 'deleted' END,
    'First' || i % 997, 'Last' || i % 9973,
    CASE WHEN i % 10 = 0 THEN 'learner' || i || '@example.com' END,
    CASE WHEN i % 10 = 0 THEN 'learner' || i END, '', '', 'en', :past,
    CASE WHEN i % 10 = 0 THEN
        'first' || i % 997 || ' last' || i % 9973 || ' learner' || i || '@example.com learner' || i ELSE '' END
FROM numbers
"""
ACTIVATIONS = """
INSERT INTO activation (id, profile_id, link_id, user_id, learner_department_id, department_id, form_key, at)
SELECT id - 1000, p, p, id, learner_department_id, department_id, 'form ' || id, :past FROM (
    SELECT u.id, u.department_id AS learner_department_id, CASE WHEN u.id % 2 = 0 THEN p.department_id
        WHEN u.id <= 1000 + 2 * :crowd THEN :few ELSE p.department_id END AS department_id, p.id AS p
    FROM user_account u JOIN profile p ON p.id = CASE WHEN u.id <= 1000 + :crowd THEN 3
        WHEN u.id <= 1000 + 2 * :crowd THEN 2 ELSE 1 + (u.id - 1001) % :profiles END
    WHERE u.id > 1000
) AS found ORDER BY id
"""
RETURNED = "UPDATE activation SET returned_at = at WHERE id % 200 = 0"
LEDGER = """
INSERT INTO ledger_entry (profile_id, kind, user_id, reason, at)
SELECT profile_id, 'taken', user_id, '', at FROM activation ORDER BY id
"""
COUNTERS = """
UPDATE profile SET used = (SELECT count(*) FROM activation WHERE activation.profile_id = profile.id)
"""
RECORD = """
INSERT INTO record_entry (at, actor_id, action, subject, department_id, before, after)
SELECT at, 1, 'user added', 'Somebody', department_id, '{}', '{}' FROM activation ORDER BY id
"""
STEPS = (DEPARTMENTS, TREE, PROFILES, POINTED, LINKS, LEARNERS, ACTIVATIONS, RETURNED, LEDGER, COUNTERS, RECORD)
MOMENTS = {"past": NOW - 300 * DAY, "ended": NOW - DAY, "soon": NOW + 3 * DAY, "future": NOW + 90 * DAY}


def fill(connection: Connection, size: Size) -> None:
    """Fill a migrated, empty database."""
    connection.execute(update(Account).values(sign_up_enabled=True))
    connection.execute(
        insert(CustomRole), {"id": 1, "name": "All", "name_key": "all", "permissions": sorted(FOR_CUSTOM_ROLES)}
    )
    connection.execute(insert(User), [staff(OWNER, Role.OWNER)])
    for step in STEPS:
        _run(connection, step, size)
    managers = {MANAGER_OF_FEW: FEW, MANAGER_OF_MANY: MANY}
    connection.execute(insert(User), [staff(number, Role.CUSTOM) for number in managers])
    connection.execute(
        insert(ManagedDepartment),
        [{"user_id": number, "department_id": department} for number, department in managers.items()],
    )
    connection.execute(insert(Digest), [_digest(number, size) for number in (OWNER, *managers)])
    connection.execute(insert(DigestRun), [_digest_run(1, size.activations - NEW, size), _digest_run(2, 0, size)])
    if connection.dialect.name == "postgresql":
        for table in NUMBERED:  # numbers were given, not taken: let the sequences go on after them
            last = f"(SELECT max(id) FROM {table})"  # noqa: S608 - tables named above
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))


def _run(connection: Connection, step: str, size: Size) -> None:
    values = {**MOMENTS, **asdict(size), "crowd": size.crowd, "few": FEW, "many": MANY}
    named = {name: value for name, value in values.items() if f":{name}" in step}
    moments = [bindparam(name, type_=Moment()) for name in MOMENTS if name in named]
    connection.execute(text(step).bindparams(*moments), named)


def staff(number: int, role: Role) -> dict[str, object]:
    """Return the row of somebody who works with sign-ups; of a custom role, who has all rights that it can have."""
    return {
        "id": number,
        "role": role,
        "custom_role_id": 1 if role is Role.CUSTOM else None,
        "department_id": 1,
        "state": UserState.ACTIVE,
        "first_name": "Staff",
        "last_name": str(number),
        "created_at": NOW,
    }


def _digest(user_id: int, size: Size) -> dict[str, object]:
    return {
        "user_id": user_id,
        "chat_id": user_id,
        "frequency": "daily",
        "at": "12:00",
        "next_due": NOW,
        "reported_through": size.activations - NEW,
        "reported_at": NOW - DAY,
    }


def _digest_run(number: int, after: int, size: Size) -> dict[str, object]:
    return {
        "id": number,
        "digest_id": 1,
        "covers_after": after,
        "covers_through": size.activations,
        "covers_since": NOW - DAY,
        "covers_until": NOW,
    }
