"""An account as a test needs it, made by the use cases themselves."""

from dataclasses import dataclass

from core.domain.form_fields import read_form
from core.engine import Engine
from core.services import account, courses, departments, ownership, page_settings, profiles, redemption
from core.services.confirmations import Addressee
from core.services.ownership import Claimant
from core.services.page_settings import PageSetting
from core.storage import people
from tests.support.apart import run_apart
from tests.support.clock import Clock

FAST_HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$9uPlT4PC3tZ/rzJOR3tLgQ"  # shaped like one, opens nothing


@dataclass(frozen=True, kw_only=True)
class Office:
    """An owner with sign-up on, the department Sales / EMEA, and a course for it."""

    engine: Engine
    owner_id: int

    async def profile(self, **changes: str) -> profiles.Card:
        """Make a profile: open for a month from now, for 50, unless changed."""
        draft = {"name": "Autumn sales", "department": "Sales / EMEA", "window": "now - +1 month", "limit": "50"}
        created = await self.engine.write(
            profiles.create, self.owner_id, profiles.Draft(**{**draft, **changes}), self.engine.now()
        )
        return created.card

    async def set_page(self, setting: PageSetting, text: str) -> None:
        """Change a setting of the pages, as `/settings` does."""
        await self.engine.write(page_settings.change, self.owner_id, setting, text, self.engine.now())

    async def ask_no_proof(self) -> None:
        """Let forms come as fast as they can, without a challenge."""
        await self.set_page(PageSetting.CHALLENGE, "off")

    async def sign_up(self, token: str, email: str = "anna@example.com", *, form_key: str = "") -> redemption.SignedUp:
        """Sign somebody up through a link."""
        return await self.engine.write(redemption.redeem, token, a_form(email, form_key=form_key), self.engine.now())


def a_form(email: str = "anna@example.com", *, form_key: str = "", login: str = "") -> redemption.SignUp:
    """A valid form, filled in by Anna Berzina unless told otherwise."""
    values = {"first_name": "Anna", "last_name": "Berzina", "email": email, "login": login, "password": "a long secret"}
    return redemption.SignUp(
        newcomer=read_form(values, region="LV"),
        password_hash=FAST_HASH,
        form_key=form_key or f"form of {email}",
        mail_to=Addressee(language="en", pseudonym=email),
    )


async def an_office(engine: Engine) -> Office:
    """Return an account that its owner has set up: the one that the database was prepared with, or a new one."""
    owner_id = await engine.read(people.owner_id)
    return Office(engine=engine, owner_id=owner_id or await _set_up(engine))


def with_an_office(database_url: str) -> None:
    """Bring a database up to date and set an account up in it, for tests to copy."""

    async def run() -> None:
        engine = Engine(database_url, clock=Clock())
        await engine.migrate()
        await an_office(engine)
        await engine.close()

    run_apart(run())


async def _set_up(engine: Engine) -> int:
    claimant = Claimant(telegram_id=1001, first_name="Olivia", last_name="Owner", language="en")
    owner_id = await engine.write(ownership.claim_as_configured, claimant, engine.now())
    await engine.write(account.switch_sign_up, owner_id, engine.now(), on=True)
    await engine.write(departments.add, owner_id, "Sales / EMEA", engine.now())
    await engine.write(courses.add, owner_id, "Safety first", "https://learn.example.com/safety", "14", engine.now())
    await engine.write(courses.add_rule, owner_id, "Sales", "safety first", engine.now())
    return owner_id
