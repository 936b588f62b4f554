"""nginx and Caddy as the shipped configuration sets them up, in front of a program, with a certificate of the test."""

import asyncio
import os
import shutil
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.support.catalogues import ROOT
from tests.support.patience import PATIENCE
from tests.support.ports import free_port
from tests.support.site import Visitor

HOST = "signup.example.org"


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """A running proxy: its port for https, and the certificate that it shows."""

    name: str
    port: int
    certificate: Path

    @property
    def address(self) -> str:
        """The pages, as a browser sees them."""
        return f"https://{HOST}:{self.port}"

    def tls(self) -> ssl.SSLContext:
        """Trust the proxy."""
        return ssl.create_default_context(cafile=self.certificate)

    @asynccontextmanager
    async def visitor(self, source: str, **headers: str) -> AsyncIterator[Visitor]:
        """Open a browser at an address of this machine."""
        connector = TCPConnector(resolver=_Here(), ssl=self.tls(), local_addr=(source, 0))
        async with ClientSession(
            self.address, connector=connector, cookie_jar=CookieJar(), headers={**headers, "Host": HOST}
        ) as http:
            yield Visitor(http)

    async def connect(self, source: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection by hand."""
        return await asyncio.open_connection(
            "127.0.0.1", self.port, ssl=self.tls(), server_hostname=HOST, local_addr=(source, 0)
        )


@asynccontextmanager
async def proxying(name: str, folder: Path, program_port: int) -> AsyncIterator[Proxy]:
    """Run a proxy in front of a port. The test is skipped where the proxy isn't installed."""
    binary = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") or pytest.skip(
        f"{name} is not installed: apt-get install {name}"
    )
    certificate, key = await make_certificate(folder)
    port = free_port()
    arguments = PROXIES[name](folder, {"program": program_port, "https": port, "http": free_port()}, certificate, key)
    with (folder / f"{name}.log").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            binary, *arguments, stdout=output, stderr=output, env={"HOME": str(folder), "PATH": "/usr/sbin:/usr/bin"}
        )
    try:
        await _listens(process, port)
        yield Proxy(name=name, port=port, certificate=certificate)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _nginx(folder: Path, ports: Mapping[str, int], certificate: Path, key: Path) -> list[str]:
    shipped = _changed(
        "nginx.conf",
        {
            "server 127.0.0.1:8080;": f"server 127.0.0.1:{ports['program']};",
            "listen 80;": f"listen 127.0.0.1:{ports['http']};",
            "listen [::]:80;": "",
            "listen 443 ssl;": f"listen 127.0.0.1:{ports['https']} ssl;",
            "listen [::]:443 ssl;": "",
            f"/etc/letsencrypt/live/{HOST}/fullchain.pem": str(certificate),
            f"/etc/letsencrypt/live/{HOST}/privkey.pem": str(key),
        },
    )
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    user = "user root;" if os.getuid() == 0 else ""  # its workers would be www-data, which can't open the folder
    main.write_text(
        f"{user} daemon off; pid {folder}/nginx.pid; error_log stderr;"
        f"events {{ worker_connections 1024; }} http {{ {kept}\n{shipped}\n}}"
    )
    return ["-c", str(main)]


def _caddy(folder: Path, ports: Mapping[str, int], certificate: Path, key: Path) -> list[str]:
    shipped = _changed(
        "Caddyfile",
        {
            "127.0.0.1:8080": f"127.0.0.1:{ports['program']}",
            "{\n\tservers {": f"{{\n\tadmin off\n\thttp_port {ports['http']}\n\tservers {{",
            f"{HOST} {{": f"https://{HOST}:{ports['https']} {{\n\tbind 127.0.0.1\n\ttls {certificate} {key}",
        },
    )
    (folder / "Caddyfile").write_text(shipped)
    return ["run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


PROXIES: Mapping[str, Callable[[Path, Mapping[str, int], Path, Path], list[str]]] = {"nginx": _nginx, "caddy": _caddy}


def _changed(name: str, changes: Mapping[str, str]) -> str:
    """Return the shipped file with what an operator changes in it."""
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


async def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for HOST; return it and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}")
    files = ("-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(key), "-out", str(certificate))
    process = await asyncio.create_subprocess_exec("openssl", *new, *files, stderr=asyncio.subprocess.DEVNULL)
    assert await process.wait() == 0
    return certificate, key


async def _listens(process: asyncio.subprocess.Process, port: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionError:
                await asyncio.sleep(0.02)  # another process starts: there is nothing here to wait for
            else:
                writer.close()
                return
    pytest.fail("the proxy ended")


class _Here(AbstractResolver):
    """Finds every host on this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the loopback address."""
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
            )
        ]

    async def close(self) -> None:
        """Do nothing: nothing is open."""
