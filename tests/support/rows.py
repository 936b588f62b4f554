"""What a test needs at once, done to the tables: staff of any role, transfers, profiles that point elsewhere."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role, UserState
from core.domain.access_requests import RequestState
from core.domain.form_fields import Form
from core.engine import Engine
from core.services import sign_up_forms
from core.services.profiles import Draft
from core.storage import account, departments, profiles
from core.storage import form_fields as fields
from core.storage.tables import AccessRequest, Activation, CustomRole, Link, ManagedDepartment, Profile, User


def a_draft(**changes: str) -> Draft:
    """A profile as typed: open for a month from now, for 50, unless changed."""
    draft = {"name": "Autumn sales", "department": "Sales / EMEA", "window": "now - +1 month", "limit": "50"}
    return Draft(**{**draft, **changes})


async def a_user(
    engine: Engine,
    role: Role,
    *managed: str,
    telegram_id: int | None = None,
    active: bool = True,
    name: str = "Maris",
    permissions: Iterable[Permission] = (),
) -> int:
    """Add a user of a role (a custom one with these permissions) in the root department, who manages departments."""

    def add(session: Session) -> int:
        user = User(
            role=role,
            custom_role_id=_custom_role(session, permissions) if role is Role.CUSTOM else None,
            department_id=departments.root_id(session),
            state=UserState.ACTIVE if active else UserState.INACTIVE,
            first_name=name,
            last_name="Meier",
            telegram_id=telegram_id,
            created_at=engine.now(),
        )
        session.add(user)
        session.flush()
        for path in managed:
            session.add(ManagedDepartment(user_id=user.id, department_id=department_id(session, path)))
        return user.id

    return await engine.write(add)


def _custom_role(session: Session, permissions: Iterable[Permission]) -> int:
    name = f"of {', '.join(sorted(permissions)) or 'nothing'}"
    known = session.scalars(select(CustomRole).where(CustomRole.name == name)).one_or_none()
    if known is None:
        known = CustomRole(name=name, name_key=name.casefold(), permissions=sorted(permissions))
        session.add(known)
        session.flush()
    return known.id


async def a_manager(engine: Engine, *managed: str, telegram_id: int | None = None) -> int:
    """Add a department administrator of these departments."""
    return await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, *managed, telegram_id=telegram_id)


async def demote(engine: Engine, user_id: int) -> None:
    """Take all rights from a user."""

    def run(session: Session) -> None:
        session.execute(update(User).where(User.id == user_id).values(role=Role.LEARNER, custom_role_id=None))

    await engine.write(run)


async def deactivate(engine: Engine, user_id: int) -> None:
    """Make a user inactive."""

    def run(session: Session) -> None:
        session.execute(update(User).where(User.id == user_id).values(state=UserState.INACTIVE))

    await engine.write(run)


async def transfer(engine: Engine, user_id: int, path: str) -> None:
    """Move a user to another department."""

    def run(session: Session) -> None:
        new = department_id(session, path)
        session.execute(update(User).where(User.id == user_id).values(department_id=new))

    await engine.write(run)


async def repoint(engine: Engine, profile_id: int, path: str) -> None:
    """Point a profile to another department."""

    def run(session: Session) -> None:
        profiles.set_department(session, session.get_one(Profile, profile_id), department_id(session, path))

    await engine.write(run)


async def used_and_activations(engine: Engine, profile_id: int) -> tuple[int, int]:
    """Tell how many activations a profile has counted and how many rows its history has."""

    def run(session: Session) -> tuple[int, int]:
        rows = session.scalars(select(Activation.id).where(Activation.profile_id == profile_id)).all()
        return session.get_one(Profile, profile_id).used, len(rows)

    return await engine.read(run)


def department_id(session: Session, path: str) -> int:
    """Give the number of the department that the path names."""
    by_path = {" / ".join(names): number for number, names in departments.paths(session).items()}
    return by_path[path]


async def a_request(engine: Engine, token: str, name: str) -> int:
    """Add an open request for access, whatever the state of the link; return its number."""

    def add(session: Session) -> int:
        link = session.scalars(select(Link).where(Link.token == token)).one()
        email, now = f"{name.lower()}@example.com", engine.now()
        request = AccessRequest(
            link_id=link.id,
            profile_id=link.profile_id,
            first_name=name,
            last_name="",
            email=email,
            message="",
            state=RequestState.OPEN,
            announced=True,
            asked_at=now,
            ends_at=now + timedelta(days=365),
        )
        session.add(request)
        session.flush()
        return request.id

    return await engine.write(add)


async def many_sign_ups(engine: Engine, like: int, number: int) -> None:
    """Add as many activations like one that there is, each with a learner of its own."""

    def run(session: Session) -> None:
        activation = session.get_one(Activation, like)
        learner = session.get_one(User, activation.user_id)
        first = session.scalars(select(func.max(User.id))).one() + 1
        session.execute(
            insert(User),
            [
                {**_columns(learner), "id": first + place, "email": f"learner{place}@example.com", "login": f"l{place}"}
                for place in range(number)
            ],
        )
        session.execute(
            insert(Activation),
            [
                {**_columns(activation), "id": first + place, "user_id": first + place, "form_key": f"form {place}"}
                for place in range(number)
            ],
        )

    await engine.write(run)


def _columns(row: User | Activation) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def the_form(session: Session) -> Form:
    """Give the sign-up form as it is now."""
    return sign_up_forms.sign_up_form(account.load(session), fields.active(session))
