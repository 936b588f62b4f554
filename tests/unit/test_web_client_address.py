"""The client's address, whatever proxies and clients write into X-Forwarded-For."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.client_address import UNKNOWN, find_client

PUBLIC = "93.184.216.34"
TRUSTED = tuple(map(ip_network, ("127.0.0.1", "10.0.0.0/8", "::1")))


def found(remote: str | None, *forwarded: str) -> tuple[str, bool]:
    client = find_client(remote, forwarded, TRUSTED)
    return str(client.address), client.is_certain


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ([], "127.0.0.1"),
        ([PUBLIC], PUBLIC),
        ([f" {PUBLIC}\t"], PUBLIC),
        ([f"{PUBLIC},10.0.0.7"], PUBLIC),
        ([PUBLIC, "10.0.0.7, 10.0.0.8"], PUBLIC),
        ([f"::ffff:{PUBLIC}, ::FFFF:10.0.0.7, ::1"], PUBLIC),
        (["2606:2800:220:1:248:1893:25C8:1946"], "2606:2800:220:1:248:1893:25c8:1946"),
        (["10.0.0.9, 10.0.0.7"], "10.0.0.9"),
    ],
)
def test_the_client_is_found_through_trusted_proxies(forwarded: list[str], address: str) -> None:
    assert found("127.0.0.1", *forwarded) == (address, True)


@pytest.mark.parametrize(
    "hop",
    [
        "",
        " ",
        "unknown",
        "_hidden",
        "8.8.8.8:4321",
        "[::1]",
        "[::1]:443",
        "::1:443x",
        '"8.8.8.8"',
        "for=8.8.8.8",
        "8.8.8.8 8.8.4.4",
        "8.8.8.8;",
        "8.8.8",
        "8.8.8.08",
        "8.8.8.8/32",
        "8.8.8.256",
        "0x08080808",
        "134744072",
        "fe80::1%eth0",
        "fe80::1%\x1b[31m",
        "\N{FULLWIDTH DIGIT EIGHT}.8.8.8",
        "\N{NO-BREAK SPACE}8.8.8.8",
        "8.8.8.8\n",
        "\udcff",
        "a" * 5000,
    ],
)
def test_what_is_no_address_ends_the_search_at_the_last_proxy_that_is_known(hop: str) -> None:
    assert found("127.0.0.1", hop) == ("127.0.0.1", False)
    assert found("127.0.0.1", f"{PUBLIC}, {hop}, 10.0.0.7") == ("10.0.0.7", False)
    assert found("127.0.0.1", hop, "10.0.0.7") == ("10.0.0.7", False)


def test_what_stands_beyond_an_untrusted_address_is_not_believed() -> None:
    assert found("127.0.0.1", f"10.0.0.9, {PUBLIC}") == (PUBLIC, False)
    assert found("127.0.0.1", "8.8.8.8", PUBLIC) == (PUBLIC, False)
    assert found(PUBLIC, "127.0.0.1") == (PUBLIC, False)


def test_a_peer_on_a_link_has_an_address_without_its_interface() -> None:
    assert found("fe80::1%eth0") == ("fe80::1", True)


@pytest.mark.parametrize("remote", [None, "", "a socket"])
def test_a_connection_without_an_address_is_an_unknown_client(remote: str | None) -> None:
    assert found(remote, "10.0.0.7") == found(remote) == (str(UNKNOWN), False)


addresses = st.ip_addresses().map(str)
hops = st.sampled_from(["", "unknown", "8.8.8.8:4321", "[::1]:443", "127.0.0.1", "10.0.0.7", "fe80::1%x"]) | addresses
headers = st.lists(st.text(max_size=40) | st.lists(hops, max_size=6).map(", ".join), max_size=4)
networks = st.lists(
    st.builds(IPv4Network, st.tuples(st.ip_addresses(v=4), st.integers(1, 32)), st.just(value=False))
    | st.builds(IPv6Network, st.tuples(st.ip_addresses(v=6), st.integers(1, 128)), st.just(value=False)),
    max_size=4,
)


@given(remote=st.none() | st.text(max_size=40) | addresses, forwarded=headers, trusted=networks)
def test_any_header_gives_a_valid_address(
    remote: str | None, forwarded: list[str], trusted: list[IPv4Network | IPv6Network]
) -> None:
    client = find_client(remote, forwarded, trusted)
    assert ip_address(str(client.address)) == client.address
    assert "%" not in str(client.address)


@given(remote=addresses, forwarded=headers, trusted=networks)
def test_headers_of_untrusted_peers_are_ignored(
    remote: str, forwarded: list[str], trusted: list[IPv4Network | IPv6Network]
) -> None:
    peer = find_client(remote, [], trusted)
    elsewhere = [network for network in trusted if peer.address not in network]
    client = find_client(remote, forwarded, elsewhere)
    assert client.address == peer.address
    assert client.is_certain is (not forwarded)


@given(forwarded=headers, client=st.ip_addresses(v=4).filter(lambda address: not address.is_private))
def test_whatever_a_client_forges_a_trusted_proxy_names_it(forwarded: list[str], client: object) -> None:
    assert found("127.0.0.1", *forwarded, str(client)) == (str(client), not forwarded)
