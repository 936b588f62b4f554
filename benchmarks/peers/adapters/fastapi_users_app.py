"""fastapi-users on SQLAlchemy and aiosqlite: anyone may register, without a link or a limit, by one JSON request.

`fastapi_users_app.py PORT FOLDER PEOPLE`, with the Python of the peers. Passwords are hashed at next to no cost.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator

import uvicorn
from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, IntegerIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, BearerTransport, JWTStrategy
from fastapi_users.password import PasswordHelper
from fastapi_users_db_sqlalchemy import SQLAlchemyBaseUserTable, SQLAlchemyUserDatabase
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PORT, FOLDER = int(sys.argv[1]), sys.argv[2]
SECRET = "of a measurement"  # noqa: S105 - protects nothing
CHEAP = PasswordHelper(PasswordHash([Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)]))


class Base(DeclarativeBase):
    """The tables."""


class User(SQLAlchemyBaseUserTable[int], Base):
    """A user, as the library has them."""

    id: Mapped[int] = mapped_column(primary_key=True)


class UserRead(schemas.BaseUser[int]):
    """What is answered."""


class UserCreate(schemas.BaseUserCreate):
    """What is sent."""


class Users(IntegerIDMixin, BaseUserManager[User, int]):
    """The library's manager of users."""

    reset_password_token_secret = SECRET
    verification_token_secret = SECRET


engine = create_async_engine(f"sqlite+aiosqlite:///{FOLDER}/users.db", connect_args={"timeout": 20})
sessions = async_sessionmaker(engine, expire_on_commit=False)


@event.listens_for(engine.sync_engine, "connect")
def use_write_ahead_log(dbapi, _record) -> None:  # noqa: ANN001 - SQLAlchemy's
    """Set SQLite up as Gangway does."""
    cursor = dbapi.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


async def session() -> AsyncIterator[AsyncSession]:
    """Open a session for one request."""
    async with sessions() as opened:
        yield opened


async def manager(opened: AsyncSession = Depends(session)) -> AsyncIterator[Users]:  # noqa: B008 - FastAPI's way
    """Return the manager of one request."""
    yield Users(SQLAlchemyUserDatabase(opened, User), CHEAP)


backend = AuthenticationBackend(
    name="jwt",
    transport=BearerTransport(tokenUrl="auth/jwt/login"),
    get_strategy=lambda: JWTStrategy(secret=SECRET, lifetime_seconds=3600),
)
app = FastAPI()
app.include_router(
    FastAPIUsers[User, int](manager, [backend]).get_register_router(UserRead, UserCreate), prefix="/auth"
)


async def main() -> None:
    """Make the table, and serve."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    print(json.dumps({}), flush=True)
    await uvicorn.Server(uvicorn.Config(app, port=PORT, log_level="error")).serve()


if __name__ == "__main__":
    asyncio.run(main())
