"""While the database can't be used, pages say so, keep what was typed, and go on as soon as it can be used again."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.domain.field_kinds import Kind
from core.engine import Engine
from core.services import form_fields
from core.services.form_fields import FieldDraft
from tests.support.account import Office
from tests.support.patience import PATIENCE
from tests.support.site import PASSWORD, Answer, Site, Visitor, sign_ups, tally
from web.texts import LABELS

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TYPED = {"first_name": "Anna", "last_name": "Bērziņa", "email": "anna@example.com"}


def file_of(database_url: str) -> Path:
    return Path(database_url.removeprefix("sqlite:///"))


@contextmanager
def moved_away(file: Path) -> Iterator[None]:
    """Move a database away for the length of the block, with the files beside it."""
    away = file.with_name("away")
    away.mkdir()
    for each in file.parent.glob(f"{file.name}*"):
        each.rename(away / each.name)
    try:
        yield
    finally:
        for each in away.iterdir():
            each.replace(file.with_name(each.name))


async def send_as_it_came(visitor: Visitor, path: str, page: Answer, **typed: str) -> Answer:
    """Send a page's form as a browser would that changes nothing but these fields."""
    values = {field.attributes["name"]: field.attributes.get("value", "") for field in page.elements("input")}
    return await visitor.post(path, {**values, **typed})


def shown(page: Answer) -> dict[str, str]:
    """What a page's visible fields hold."""
    fields = [field.attributes for field in page.elements("input") if field.attributes["type"] != "hidden"]
    return {field["name"]: field.get("value", "") for field in fields}


@SQLITE_ONLY
async def test_a_sign_up_form_comes_back_filled_in_and_makes_one_account_when_it_is_sent_again(
    site: Site, office: Office, engine: Engine, database_url: str
) -> None:
    visitor, token = site.visitor(), (await office.profile()).token
    form = await visitor.open_link(token)
    with moved_away(file_of(database_url)):
        page = await visitor.fill(form)
    assert (page.status, page.headers["Retry-After"]) == (503, "5")
    assert shown(page) == {**TYPED, "password": ""}
    assert page.texts("p", role="alert")[0].startswith("The service is unavailable for the moment. What you entered")
    again = await send_as_it_came(visitor, form.path, page, password=PASSWORD)
    assert (again.status, again.location) == (303, "/courses")
    assert await tally(engine) == sign_ups(1)


@SQLITE_ONLY
async def test_the_accounts_own_fields_come_back_too(
    site: Site, office: Office, engine: Engine, database_url: str
) -> None:
    await engine.write(form_fields.add_field, office.owner_id, FieldDraft(label="Badge", kind=Kind.TEXT), engine.now())
    visitor, token = site.visitor(), (await office.profile()).token
    form = await visitor.open_link(token)
    (name,) = [each for each in shown(await visitor.get(form.path)) if each not in LABELS]
    with moved_away(file_of(database_url)):
        page = await visitor.fill(form, **{name: "B-17"})
    assert page.field(name)["value"] == "B-17"
    assert (await send_as_it_came(visitor, form.path, page, password=PASSWORD)).status == 303


@SQLITE_ONLY
async def test_a_log_in_form_comes_back_filled_in(site: Site, office: Office, database_url: str) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    visitor = site.visitor()
    form = await visitor.open_form("/login")
    typed = {"identifier": "anna@example.com", "next": "/courses", "form_token": form.token}
    with moved_away(file_of(database_url)):
        page = await visitor.post("/login", {**typed, "password": PASSWORD})
    assert (page.status, page.headers["Retry-After"]) == (503, "5")
    assert shown(page) == {"identifier": "anna@example.com", "password": ""}
    assert (await send_as_it_came(visitor, "/login", page, password=PASSWORD)).location == "/courses"


@SQLITE_ONLY
async def test_what_was_typed_comes_back_as_text_and_not_as_markup(
    site: Site, office: Office, database_url: str
) -> None:
    form = await (visitor := site.visitor()).open_link((await office.profile()).token)
    with moved_away(file_of(database_url)):
        page = await visitor.fill(form, first_name='"><script>', **{'x"><script>': '"><script>'})
    assert '"><script>' not in page.body  # the page's own script stands alone
    assert page.field("first_name")["value"] == '"><script>'


@SQLITE_ONLY
async def test_an_outage_is_two_lines_in_the_log_besides_the_requests(
    site: Site, office: Office, database_url: str
) -> None:
    token = (await office.profile()).token
    with capture_logs() as log:
        with moved_away(file_of(database_url)):
            pages = [await site.visitor().get(f"/s/{token}") for _ in range(5)]
            ready = await site.visitor().get("/readyz")
        async with asyncio.timeout(PATIENCE):
            while (await site.visitor().get("/readyz")).json()["database"] != "ok":
                pass
    assert {page.status for page in (*pages, ready)} == {503}
    assert ready.json()["database"].startswith("was deleted while Gangway runs: ")
    told = [line for line in log if line["event"] != "request"]
    assert [line["event"] for line in told] == ["database unavailable", "database available again"]
    assert told[1]["failures"] >= len(pages)


async def readiness(site: Site) -> str:
    """What /readyz says of the database."""
    said: str = (await site.visitor().get("/readyz")).json()["database"]
    return said


@SQLITE_ONLY
async def test_a_file_in_the_place_of_another_is_never_written(site: Site, office: Office, database_url: str) -> None:
    form = await (visitor := site.visitor()).open_link((await office.profile()).token)
    file = file_of(database_url)
    with moved_away(file):
        file.write_bytes(other := b"another database" * 500)
        page = await visitor.fill(form)
        said = await readiness(site)
        assert file.read_bytes() == other
    assert page.status == 503
    assert said == "was replaced by another file while Gangway runs: restart Gangway to use that one"


@SQLITE_ONLY
async def test_a_deleted_log_is_noticed_too(site: Site, office: Office, database_url: str) -> None:
    """What is in the log and not yet in the file would be lost without a word."""
    form = await (visitor := site.visitor()).open_link((await office.profile()).token)
    with moved_away(Path(f"{file_of(database_url)}-wal")):
        page, said = await visitor.fill(form), await readiness(site)
    assert page.status == 503
    assert said.startswith("was deleted while Gangway runs")


@SQLITE_ONLY
async def test_a_file_whose_contents_were_overwritten_is_noticed_and_read_anew_once_it_is_mended(
    site: Site, office: Office, database_url: str
) -> None:
    form = await (visitor := site.visitor()).open_link((await office.profile()).token)
    with overwritten(file_of(database_url)):
        said = await readiness(site)
        pages = await asyncio.gather(*(site.visitor().get(form.path) for _ in range(20)))
        answer = await visitor.fill(form)
    assert said == "isn't a database: the file has other contents"
    assert {page.status for page in pages} <= {200, 503}  # some connections don't need to read it again
    assert answer.status in (303, 503)
    pages = await asyncio.gather(*(site.visitor().get(form.path) for _ in range(20)))
    assert {page.status for page in pages} == {200}
    assert (await visitor.fill(form)).status == 303


@contextmanager
def overwritten(file: Path) -> Iterator[None]:
    """Overwrite a database's header, and mend it, unless SQLite has written it anew."""
    with file.open("r+b", buffering=0) as opened:
        header = opened.read(100)
        os.pwrite(opened.fileno(), garbage := b"Dear aunt, " * 9, 0)
        yield
        if os.pread(opened.fileno(), len(garbage), 0) == garbage:
            os.pwrite(opened.fileno(), header, 0)
