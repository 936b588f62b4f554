"""The mail server: one connection, over which one message after another is handed over, and what became of each."""

import re
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as LINES
from enum import Enum, auto
from ipaddress import ip_address
from typing import Self
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPResponseException

from core import logs
from core.domain.mail import LOGIN_REFUSED, UNREACHABLE, UNSAFE

TIMEOUT = 20.0  # seconds for each command, so that a whole message takes less than core.domain.mail.SENDING
PORTS = {"smtp": 587, "smtps": 465}  # RFC 8314: submission, with STARTTLS or with TLS from the start
PERMANENT = 500  # RFC 5321, 4.2.1: from here on, the reply means that trying again is of no use
NO_SUCH_RECIPIENT = (550, 551, 553)  # RFC 5321, 4.2.3; 552 is of room, 554 of the transaction
# RFC 3463, 3.2 and 3.3, RFC 7505, RFC 6531: of the recipient's address, or of a mailbox that is closed; not of a full
# one, of the sender, of a quota or of a policy.
OF_RECIPIENT = re.compile(r"5\.(?:1\.(?:[01236]|10)|2\.1|6\.7)(?![0-9])")
ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
UTF8 = "SMTPUTF8"  # RFC 6531: addresses with letters outside ASCII before the @


class Delivery(Enum):
    """What became of a message."""

    ACCEPTED = auto()
    REFUSED = auto()  # for good
    ADDRESS_REFUSED = auto()  # for good, as will be any other to its recipient
    LATER = auto()  # not accepted for the moment
    UNKNOWN = auto()  # the connection was lost after the message was handed over


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What became of a message, and the server's reason, without what it quotes of addresses."""

    delivery: Delivery
    reason: str = ""


class MailServerAway(Exception):  # noqa: N818 - an answer, not a fault of the program
    """The mail server can't be reached, or refuses to talk to us: no message was handed over.

    `told` is what managers read of it, without the server's name.
    """

    def __init__(self, error: Exception | None = None) -> None:
        """Take what the server or the system said, if anything."""
        super().__init__(reason_of(error) if error else UNREACHABLE)
        self.told = _told(error)


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """Where messages are handed over, and the sender that they have."""

    url: str = field(repr=False)
    sender: str

    @property
    def sender_address(self) -> str:
        """The address in the sender, which may have a name before it."""
        return self.sender.rpartition("<")[2].rstrip("> ")


class SmtpServer:
    """A connection to the mail server; it is opened when it is first needed, and again after it was lost."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._smtp: aiosmtplib.SMTP | None = None

    async def __aenter__(self) -> Self:
        """Connect. Raises MailServerAway."""
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Say goodbye."""
        await self.close()

    async def connect(self) -> None:
        """Connect and log in, unless that is done. Raises MailServerAway."""
        if self._smtp is not None and self._smtp.is_connected:
            return
        smtp = _client(self._settings.url)
        try:
            await smtp.connect()
        except (SMTPException, OSError, ssl.SSLError, ValueError) as error:
            smtp.close()
            raise MailServerAway(error) from None
        self._smtp = smtp

    async def close(self) -> None:
        """Say goodbye, if the server still listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None and smtp.is_connected:
            try:
                await smtp.quit(timeout=2.0)
            except (SMTPException, OSError):
                smtp.close()

    async def deliver(self, message: EmailMessage, recipient: str) -> Delivered:
        """Hand a message over to one recipient. Raises MailServerAway, if it certainly was not handed over."""
        await self.connect()
        if self._smtp is None:
            raise MailServerAway
        try:
            await self._envelope(self._smtp, recipient)
        except SMTPResponseException as error:
            await self._forget_message()
            return _refused(error)
        except (SMTPException, OSError) as error:
            self._drop()
            raise MailServerAway(error) from None
        policy = LINES if recipient.isascii() else LINES.clone(utf8=True)
        return await self._content(self._smtp, message.as_bytes(policy=policy))

    async def _envelope(self, smtp: aiosmtplib.SMTP, recipient: str) -> None:
        """Name sender and recipient."""
        options, encoding = ([], "ascii") if recipient.isascii() else ([UTF8], "utf-8")
        if options and not smtp.supports_extension(UTF8.lower()):
            message = "the mail server takes no addresses with letters outside ASCII"
            raise aiosmtplib.SMTPRecipientRefused(553, message, recipient)
        try:
            await smtp.mail(self._settings.sender_address, options=options, encoding=encoding)
        except aiosmtplib.SMTPSenderRefused as error:  # our own fault, not the recipient's: it can be corrected
            raise aiosmtplib.SMTPSenderRefused(min(error.code, 450), error.message, error.sender) from None
        await smtp.rcpt(recipient, encoding=encoding)

    async def _content(self, smtp: aiosmtplib.SMTP, content: bytes) -> Delivered:
        """Hand the content over: if the connection is lost from here on, the server may have accepted it."""
        try:
            await smtp.data(content)
        except SMTPResponseException as error:
            await self._forget_message()
            return _refused(error)
        except (SMTPException, OSError) as error:
            self._drop()
            return Delivered(delivery=Delivery.UNKNOWN, reason=reason_of(error))
        return Delivered(delivery=Delivery.ACCEPTED)

    async def _forget_message(self) -> None:
        """Get ready for the next message; if the server doesn't answer, by a new connection."""
        try:
            if self._smtp is not None:
                await self._smtp.rset()
        except (SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def reason_of(error: Exception) -> str:
    """Return what the server or the system said, in one line without addresses and secrets."""
    said = f"{error.code} {error.message}" if isinstance(error, SMTPResponseException) else str(error)
    return logs.redact(" ".join(said.split())) or type(error).__name__


def _told(error: Exception | None) -> str:
    if isinstance(error, SMTPAuthenticationError):
        return LOGIN_REFUSED
    is_unsafe = error is not None and isinstance(error.__cause__ or error, ssl.SSLError)
    return UNSAFE if is_unsafe else UNREACHABLE


def _refused(error: SMTPResponseException) -> Delivered:
    if error.code < PERMANENT:
        delivery = Delivery.LATER
    else:
        delivery = Delivery.ADDRESS_REFUSED if _is_of_recipient(error) else Delivery.REFUSED
    return Delivered(delivery=delivery, reason=reason_of(error))


def _is_of_recipient(error: SMTPResponseException) -> bool:
    """Return whether there is no such recipient: by the enhanced code (RFC 2034), else by the code itself."""
    if not isinstance(error, aiosmtplib.SMTPRecipientRefused):
        return False
    if ENHANCED.match(error.message):
        return bool(OF_RECIPIENT.match(error.message))
    return error.code in NO_SUCH_RECIPIENT


def _client(url: str) -> aiosmtplib.SMTP:
    """Return a client for SMTP_URL. A password crosses no network unencrypted."""
    parts = urlsplit(url)
    is_tls, host = parts.scheme == "smtps", parts.hostname or ""
    needs_tls = bool(parts.password) and not _is_loopback(host)
    return aiosmtplib.SMTP(
        hostname=host,
        port=parts.port or PORTS[parts.scheme],
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=is_tls,
        start_tls=False if is_tls else (True if needs_tls else None),
        timeout=TIMEOUT,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
