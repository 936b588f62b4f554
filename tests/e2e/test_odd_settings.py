"""Settings as the program itself reads them: nothing but one line, exit code 2, and no traceback."""

import socket
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.support.program import running

ODD = {
    "environment that isn't UTF-8": ({"SMTP_URL": "smtp://u:hunter2\udcff@host"}, b"", "SMTP_URL: has characters"),
    "two faults in a file": ({}, b"\xef\xbb\xbfWEB_PROT=1\r\nSECRET_KEY='hunter2'\r\n", "WEB_PROT: isn't a setting"),
    "a file that isn't UTF-8": ({}, b"SECRET_KEY=hunter2\xff", ".env: line 1 isn't UTF-8"),
    "a host that nobody knows": ({"WEB_HOST": "hunter.invalid"}, b"", "WEB_HOST: can't listen on"),
    "an address of another machine": ({"WEB_HOST": "192.0.2.1"}, b"", "WEB_HOST: can't listen on"),
}


@pytest.mark.deep
@pytest.mark.parametrize("name", ODD)
async def test_an_odd_setting_ends_the_program_with_its_line(tmp_path: Path, name: str) -> None:
    environment, file, line = ODD[name]
    (tmp_path / ".env").write_bytes(file)
    async with running(tmp_path, **environment) as program:
        assert await program.exits() == 2
    assert program.output[0].startswith(line)
    assert len(program.output) == (2 if name.startswith("two") else 1)
    assert "hunter2" not in "".join(program.output)
    assert "Errno" not in "".join(program.output)


@pytest.mark.deep  # starts the program
@pytest.mark.parametrize(
    ("contents", "why"),
    [(b"\x93random" * 1000, "is damaged, or isn't the sandbox's chat"), (None, "the sandbox can't keep its chat")],
    ids=["damaged", "folder"],
)
async def test_a_state_file_that_the_sandbox_cannot_use_is_one_line_and_left_alone(
    tmp_path: Path, contents: bytes | None, why: str
) -> None:
    state = tmp_path / "data" / "sandbox-chat.db"
    (state.parent if contents else state).mkdir(parents=True)
    if contents:
        state.write_bytes(contents)
    async with running(tmp_path) as program:
        assert await program.exits() == 2
    said = [line for line in program.output if "sandbox-chat" in line]
    assert program.output[-1:] == said
    assert f"data/sandbox-chat.db: {why}" in said[0]
    assert "move it away" in said[0]
    assert "Traceback" not in "".join(program.output)
    assert contents is None or state.read_bytes() == contents


@pytest.mark.deep
@pytest.mark.parametrize("host", ["[::]", "0.0.0.0"])  # noqa: S104
async def test_all_addresses_of_the_machine_can_be_listened_on(tmp_path: Path, host: str) -> None:
    if host == "[::]" and not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    async with running(tmp_path, WEB_HOST=host) as program, ClientSession() as http:
        await program.prints("Gangway is running")
        port = program.pages.rpartition(":")[2]
        await program.prints(f"http://{host}:{port}")
        for address in ("[::1]", "127.0.0.1")[host != "[::]" :]:
            async with http.get(f"http://{address}:{port}/login") as page:
                assert page.status == 200
            async with http.get(f"http://{address}:{port}/metrics") as for_operator:  # known as this machine
                assert for_operator.status == 200
        assert await program.ends() == 0


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False
