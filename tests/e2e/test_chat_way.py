"""The way of a manager who was never taught: in Russian, without a line, from Start to who joined.

`make pictures` takes the pictures of docs/way.md anew.
"""

import io
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from core.domain.access import Role
from core.domain.form_fields import read_form
from core.engine import Engine
from core.services import account, departments, profile_lists, redemption
from core.services.confirmations import Addressee
from tests.support.account import FAST_HASH, Office
from tests.support.bot_fixture import Town, open_town
from tests.support.browser import OpenPage
from tests.support.phone import Phone
from tests.support.rows import a_user

pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

SHARED = re.compile(r"https://t\.me/share/url\?url=")
FOLDER = os.environ.get("GANGWAY_PICTURES", "")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
NEWCOMERS = ("Ольга Смирнова", "Пётр Ильин", "Анна Берзиня")


@dataclass(kw_only=True)
class Album:
    """Takes pictures of a phone's screen, if they are asked for: each in light and in dark."""

    page: Page
    folder: str = FOLDER
    taken: int = 0

    async def take(self, name: str, *, passing: bool = False) -> None:
        """Take the next picture, numbered, when no passing note of an earlier tap covers it."""
        self.taken += 1
        if not self.folder:
            return
        if not passing:
            await expect(self.page.locator("#toast")).to_be_hidden()
        for scheme in SCHEMES:
            await self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            shot = Image.open(io.BytesIO(await self.page.screenshot()))
            shot.save(Path(self.folder) / f"{self.taken}-{name}-{scheme}.webp", quality=80, method=6)


async def a_manager_in_russian(office: Office, town: Town) -> int:
    """Let a manager of the department in, whose Telegram is in Russian; return their number in Telegram."""
    now = office.engine.now()
    await office.engine.write(account.rename, office.owner_id, "Ромашка", now)
    await office.engine.write(departments.add, office.owner_id, "Продажи / Европа", now)
    async with town.http.post(f"{town.sandbox.url}/api/people", json={"name": "Мария", "language_code": "ru"}) as made:
        number = int((await made.json())["id"])
    await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Продажи", telegram_id=number, name="Мария")
    return number


async def sign_up(office: Office, token: str) -> None:
    """Let people sign up through a link."""
    for number, name in enumerate(NEWCOMERS):
        first, last = name.split()
        values = {
            "first_name": first,
            "last_name": last,
            "email": f"new{number}@example.com",
            "password": "a long secret",
        }
        form = redemption.SignUp(
            newcomer=read_form(values, region="RU"),
            password_hash=FAST_HASH,
            form_key=f"form {number}",
            mail_to=Addressee(language="ru", pseudonym=f"{number}"),
        )
        await office.engine.write(redemption.redeem, token, form, office.engine.now())


async def test_a_manager_makes_extends_and_shares_a_link_and_reads_who_joined_without_a_line(
    engine: Engine, office: Office, open_page: OpenPage
) -> None:
    async with open_town(engine) as town:
        page = await open_page(locale="ru-RU")
        phone, album = Phone(page=page, address=town.sandbox.url), Album(page=page)
        await phone.open(await a_manager_in_russian(office, town))
        await phone.start("Регистрация включена")
        await album.take("home")
        await phone.tap("➕ Новая ссылка", "Новая ссылка для регистрации")
        await phone.tap("Выбрать подразделение ›", "В какое подразделение попадут новички?")
        await phone.tap("Продажи ›", "✔ Само «Продажи»")
        await phone.tap("Европа", "Продажи / Европа")
        await phone.type("Осенний набор", "Осенний набор ✓")
        await album.take("form")
        await phone.tap("Создать ссылку", "Ссылка уже работает. Отправьте её новичкам.")
        await expect(phone.button("Поделиться")).to_have_attribute("href", SHARED)
        await album.take("card")
        await phone.tap("+1 неделя", "Открыта до 14 дек.")
        await album.take("extended", passing=True)
        [card] = (await engine.read(profile_lists.listing, office.owner_id, "", 0, engine.now())).cards
        await sign_up(office, card.token)
        await phone.reads("Первый ученик зарегистрировался по ссылке «Осенний набор»")
        await album.take("told")
        await phone.tap("Показать профиль", "3 из 50")
        await phone.tap("Кто пришёл", "3 регистрации")
        await album.take("joined")
        await phone.tap("Ольга Смирнова · 23 нояб. 12:00", "Регистрация через «Осенний набор»")
        await album.take("person")
