"""Who is asking: the client's address, through the proxies that the settings trust."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from aiohttp import web

CLIENT = web.RequestKey("client", str)


def client_address(request: web.Request, trusted: Iterable[str]) -> str:
    """Give the nearest address that is no trusted proxy; what others write into X-Forwarded-For is not believed."""
    networks = [ip_network(network) for network in trusted]
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    hops = [request.remote or "", *(hop.strip() for hop in reversed(forwarded))]
    address = "0.0.0.0"  # noqa: S104 - stands for "unknown"; nothing is bound to it
    for hop in hops:
        try:
            address = str(ip_address(hop))
        except ValueError:
            break
        if not any(ip_address(address) in network for network in networks):
            break
    return address
