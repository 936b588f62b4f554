"""Who is asking: the client's address, through the proxies that the settings trust."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp import web

CLIENT = web.RequestKey("client", str)
UNKNOWN = IPv4Address(0)


def client_address(request: web.Request, trusted: Iterable[str]) -> str:
    """Give the nearest address that is no trusted proxy; what others write into X-Forwarded-For is not believed."""
    networks = [ip_network(network) for network in trusted]
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    address: IPv4Address | IPv6Address = UNKNOWN
    for hop in [request.remote or "", *reversed(forwarded)]:
        try:
            address = _address(hop)
        except ValueError:
            break
        if not any(address in network for network in networks):
            break
    return str(address)


def is_internal(request: web.Request) -> bool:
    """Tell whether the client is this machine or on a private network.

    A proxy that is not trusted hides who is behind it, so what it hands on counts as the outside.
    """
    address, handed_on = ip_address(request[CLIENT]), "X-Forwarded-For" in request.headers
    if address == UNKNOWN or (handed_on and address == _address(request.remote or "0.0.0.0")):  # noqa: S104 - UNKNOWN
        return False
    return address.is_private


def _address(text: str) -> IPv4Address | IPv6Address:
    """Read an address; an IPv4 one that IPv6 carries is what it carries. Raises ValueError."""
    address = ip_address(text.strip())
    return getattr(address, "ipv4_mapped", None) or address
