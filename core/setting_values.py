"""What the values of settings have to be.

Each check returns the value, tidied, or raises ValueError with words for the operator: what is wrong, and what would
be right. The words never contain the value, which may be a secret.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

LONGEST = 4096  # characters
SHORTEST_KEY = 16  # characters
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)
SENDER = re.compile(rf"{EMAIL.pattern}|[^<>@]*<{EMAIL.pattern}>", re.ASCII)
SECURITY_CONTACT = re.compile(rf"mailto:{EMAIL.pattern}|https://[!-~]+", re.ASCII)  # no spaces, so no line of its own
BOT_TOKEN = re.compile(r"[0-9]{1,16}:[A-Za-z0-9_-]{1,128}")
TOKEN_IN_PATH = re.compile(r"/(?:bot)?[0-9]+:|/bot$")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Bot API, setWebhook: secret_token
VISIBLE = re.compile(r"[!-~]+")
HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
LIKE_AN_ADDRESS = re.compile(r"(?:.*\.)?(?:[0-9]+|0[Xx][0-9A-Fa-f]*)\.?")  # of IPv4 (WHATWG, "ends in a number")
MAPPED = IPv6Network("::ffff:0:0/96")  # IPv4 addresses in IPv6 ones, which are these addresses
MOST_TRUSTED = {4: 2**24, 6: 2**112}  # addresses: a /8 and a /16; no company that runs proxies has as many
MAIL_SCHEMES = ("smtp", "smtps")
LIKE_PAGES, LIKE_TELEGRAM = "like https://signup.example.org", "like https://api.telegram.org"


def check_text(value: str) -> str:
    """Refuse what was meant for a shell or for another file, and would be part of the value."""
    if len(value) > LONGEST:
        message = f"is longer than {LONGEST} characters"
    elif not value.isprintable():
        message = "has characters that can't be printed, or bytes that aren't UTF-8; type it again"
    elif len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        message = "is in quotes, which would be part of it; leave them out"
    elif re.search(r"\s#", value):
        message = "has a comment (#) after it, which would be part of it; put comments on lines of their own"
    else:
        return value
    raise ValueError(message)


def check_bot_token(value: str) -> None:
    """Check that it has the form of a bot's token."""
    if not BOT_TOKEN.fullmatch(value):
        message = "isn't a bot token, like 123456789:AAE..., from @BotFather"
        raise ValueError(message)


def check_key(value: str) -> None:
    """Check the length of a secret key."""
    if len(value) < SHORTEST_KEY:
        message = f"is too short; use at least {SHORTEST_KEY} characters"
        raise ValueError(message)


def check_metrics_token(value: str) -> None:
    """Check that a request's header can carry it."""
    if not value.isascii():
        message = "has letters outside ASCII, which no header carries; `openssl rand -hex 32` makes a good one"
        raise ValueError(message)
    check_key(value)


def check_webhook_secret(value: str) -> None:
    """Check what Telegram accepts."""
    if not WEBHOOK_SECRET.fullmatch(value):
        message = "must be 1 to 256 of A-Z, a-z, 0-9, _ and -, which is what Telegram sends"
        raise ValueError(message)


def check_address(value: str, example: str) -> str:
    """Check an http or https address; without its last slash."""
    parts = split(value)
    if not parts or parts.scheme not in ("http", "https") or not parts.hostname:
        message = f"isn't an address, {example}"
    elif not VISIBLE.fullmatch(value):
        message = f"has spaces or letters outside ASCII; an address is {example}, and other letters are written xn--..."
    elif "@" in parts.netloc:
        message = f"has a user or a password in it (before @), which must not be there; write it {example}"
    elif "?" in value or "#" in value:
        message = f"has a part after ? or #, which must not be there; write it {example}"
    elif not _is_host(parts.hostname):
        message = f"names no host that can exist; an address is {example}"
    else:
        return value.rstrip("/")
    raise ValueError(message)


def check_public_address(value: str) -> str:
    """Check the address of the pages."""
    address = check_address(value, LIKE_PAGES)
    parts = urlsplit(address)
    if parts.path:
        message = f"has a path, but the pages need a host of their own, {LIKE_PAGES}"
        raise ValueError(message)
    if (at := _address(parts.hostname or "")) and at.is_unspecified:
        message = f"is where to listen (WEB_HOST), and no browser can open it; write it {LIKE_PAGES}"
        raise ValueError(message)
    return address


def check_api_address(value: str) -> str:
    """Check the root of a Bot API server."""
    address = check_address(value, LIKE_TELEGRAM)
    if TOKEN_IN_PATH.search(urlsplit(address).path):
        message = f"ends with /bot or a token; write the root alone, {LIKE_TELEGRAM}"
        raise ValueError(message)
    return address


def check_listening_host(value: str) -> str:
    """Check where to listen; an IPv6 address may be in brackets."""
    host = value[1:-1] if value.startswith("[") and value.endswith("]") else value
    if not _is_host(host):
        message = "isn't a host to listen on, like 127.0.0.1, 0.0.0.0 or ::, without http:// and without a port"
        raise ValueError(message)
    return host


def read_networks(text: str | None) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read addresses and networks, separated by commas or spaces."""
    return tuple(_read_network(part) for part in (text or "").replace(",", " ").split())


def check_proxies(value: str) -> None:
    """Check a list of networks, which alone and together leave out most of the internet."""
    networks = read_networks(value)
    if any(network.prefixlen == 0 for network in networks):
        message = "trusts every address (0.0.0.0/0 or ::/0), so any client could claim any address; name the proxies"
    elif any(_public_addresses(networks, version) > most for version, most in MOST_TRUSTED.items()):
        message = "trusts so many public addresses that clients can have one of them; name the proxies"
    else:
        return
    raise ValueError(message)


def check_mail_server(value: str) -> None:
    """Check the address of a mail server."""
    parts = split(value)
    example = "like smtp://user:password@mail.example.org:587"
    if not VISIBLE.fullmatch(value):
        message = f"has spaces or letters outside ASCII; write it {example}, with %20 for a space"
    elif not parts or parts.scheme not in MAIL_SCHEMES or not parts.hostname:
        message = f"isn't a mail server, {example}, or smtps:// (in a password, write %2F for /, %3A for :, %23 for #)"
    elif parts.path.strip("/") or "?" in value or "#" in value or parts.netloc.count("@") > 1:
        message = f"has more than user, password, host and port; write it {example}, with %40 for @ in a password"
    elif not _is_host(parts.hostname):
        message = f"names no host that can exist; write it {example}"
    else:
        return
    raise ValueError(message)


def check_sender(value: str) -> None:
    """Check the address that e-mails come from."""
    if not SENDER.fullmatch(value):
        message = "isn't one e-mail address, like gangway@example.org or Gangway <gangway@example.org>"
        raise ValueError(message)


def check_security_contact(value: str) -> str:
    """Accept what RFC 9116 (2.5.3) allows: a URI; an e-mail address becomes one."""
    if SECURITY_CONTACT.fullmatch(value):
        return value
    if EMAIL.fullmatch(value):
        return f"mailto:{value}"
    message = "isn't an e-mail address or an https address, like security@example.org"
    raise ValueError(message)


def split(address: str) -> SplitResult | None:
    """Split an address; None if it isn't one, or if its port isn't one."""
    try:
        parts = urlsplit(address)
        is_one = parts.port != 0
    except ValueError:  # Python's own message would show the value
        return None
    return parts if is_one else None


def _is_host(host: str) -> bool:
    """Return whether it can be one host: no name that is read as an address, and no address of many or of nobody."""
    if (address := _address(host)) is None:
        return bool(HOST_NAME.fullmatch(host)) and not LIKE_AN_ADDRESS.fullmatch(host)
    return not (address.is_multicast or (address.version == 4 and address.is_reserved))  # noqa: PLR2004 - IPv4


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address, IPv4 if it is mapped into IPv6; None if it is a name."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _public_addresses(networks: Iterable[IPv4Network | IPv6Network], version: int) -> int:
    return sum(each.num_addresses for each in networks if each.version == version and not each.is_private)


def _read_network(text: str) -> IPv4Network | IPv6Network:
    try:
        return _unmapped(ip_network(text))
    except ValueError:
        message = "isn't a list of addresses or networks, like 10.0.0.0/8, 127.0.0.1"
    try:
        whole = ip_network(text, strict=False)
        message = f"has an address with the length of a network; write {whole} for all of it, or the address alone"
    except ValueError:
        pass
    raise ValueError(message)


def _unmapped(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    """Return the network of IPv4 that is meant by one of mapped addresses; any other as it is."""
    if isinstance(network, IPv6Network) and network.subnet_of(MAPPED):
        first = network.network_address.ipv4_mapped
        return IPv4Network((int(first or 0), network.prefixlen - MAPPED.prefixlen))
    return network
