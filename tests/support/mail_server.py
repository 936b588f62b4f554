"""A real mail server for tests, in the test's own loop: it keeps what it accepts, and can refuse, stall and hang up."""

from asyncio import AbstractServer, Event, Transport, get_running_loop
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

SENDER = "Gangway <gangway@signup.example.org>"


@dataclass(kw_only=True)
class MailServer:
    """What it has accepted, and how it treats what comes next.

    `refused` maps addresses to replies to RCPT, `answers` are replies to the next messages, after they were read;
    `hangs_up_after` messages it reads a message and hangs up without a reply.
    """

    refused: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    accepted: list[EmailMessage] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    hangs_up: bool = False
    held: Event | None = None
    port: int = 0
    _server: AbstractServer | None = None

    @property
    def url(self) -> str:
        """Its address, as SMTP_URL has it."""
        return f"smtp://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen, on the same port as before."""
        server = await get_running_loop().create_server(
            lambda: SMTP(self, hostname="mail.example.org", enable_SMTPUTF8=True), "127.0.0.1", self.port
        )
        self._server, self.port = server, server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Go away."""
        if self._server:
            self._server.close()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer to a recipient."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Answer to a message."""
        if self.held:
            await self.held.wait()
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if self.hangs_up or answer.startswith("2"):
            content = envelope.original_content or b""
            message = message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.accepted.append(message)
            self.contents.append(content)
        if self.hangs_up and isinstance(server.transport, Transport):
            server.transport.abort()
        return answer


@asynccontextmanager
async def open_mail_server() -> AsyncIterator[MailServer]:
    """Run a mail server on a free port."""
    server = MailServer()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def plain_text(message: EmailMessage) -> str:
    """Return the plain part of a message."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
