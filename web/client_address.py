"""The client's address, through the proxies that the settings trust (decision 13)."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

FORWARDED_FOR = "X-Forwarded-For"
UNKNOWN = IPv4Address(0)
ADDRESS = re.compile(r"[ \t]*([0-9A-Fa-f.:]+)[ \t]*")  # no port, brackets or zone


@dataclass(frozen=True, kw_only=True)
class Client:
    """Where a request comes from: the nearest address that isn't a trusted proxy.

    `is_certain`: the client itself has this address. Otherwise it is the last proxy known on the way to the client.
    """

    address: IPv4Address | IPv6Address
    is_certain: bool

    @property
    def network(self) -> IPv4Network | IPv6Network:
        """What counts as one client: an IPv4 address, or the /64 that one IPv6 site can choose addresses from."""
        return ip_network((self.address, 64 if self.address.version == 6 else 32), strict=False)  # noqa: PLR2004 - IPv6


CLIENT = web.RequestKey("client", Client)


def find_client(remote: str | None, forwarded: Sequence[str], trusted: Collection[IPv4Network | IPv6Network]) -> Client:
    """Find the client from the connection's address and the values of X-Forwarded-For, the nearest hop last.

    Each proxy appends the address that it was called from, so only what a trusted proxy appended is believed.
    """
    address = _read((remote or "").partition("%")[0])
    if address is None:  # a Unix socket has no address
        return Client(address=UNKNOWN, is_certain=False)
    hops = ",".join(forwarded).split(",") if forwarded else []
    while hops and any(address in network for network in trusted):
        hop = _read(hops.pop())
        if hop is None:
            return Client(address=address, is_certain=False)
        address = hop
    return Client(address=address, is_certain=not hops)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address; an IPv4 address inside an IPv6 one (::ffff:10.0.0.7) is read as IPv4."""
    matched = ADDRESS.fullmatch(text)
    try:
        address = ip_address(matched[1]) if matched else None
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
