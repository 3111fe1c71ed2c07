"""Who calls an HTTP address of ours, as far as that can be known: what a brake counts by.

The header X-Forwarded-For is text that anybody may send. Each proxy on the way appends the address it was called
from, so only what our own proxies appended can be believed: the list is read from its end, as long as the
address that speaks is a trusted proxy (setting PHUSA_TRUSTED_PROXIES). Without trusted proxies the header is ignored.

A server must give the connection's own address as `peer`: uvicorn by default puts X-Forwarded-For in its place for
every call from 127.0.0.1, so ours run with `proxy_headers=False`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

FORWARDED = b"x-forwarded-for"
MOST_HOPS = 16
"""Addresses that are read from the end; a real way has two or three."""
UNKNOWN = "?"
"""A call without a connection address (a unix socket, a test): all of these share one brake."""
HOME_BITS = 64
"""One customer of an IPv6 network has 2^64 addresses."""


def networks(written: str) -> tuple[Network, ...]:
    """Trusted proxies from the setting: addresses or networks (10.0.0.0/8) between commas or spaces.

    Raises ValueError that names the entry; also for a network of all addresses, by which everybody's word would
    be believed.

    >>> networks("127.0.0.1, 10.0.0.0/8")
    (IPv4Network('127.0.0.1/32'), IPv4Network('10.0.0.0/8'))
    """
    found = []
    for one in written.replace(",", " ").split():
        try:
            network = ip_network(one, strict=False)
        except ValueError:
            msg = f"PHUSA_TRUSTED_PROXIES: {one!r} không phải địa chỉ IP hay mạng (no IP address or network)"
            raise ValueError(msg) from None
        if network.prefixlen == 0:
            msg = f"PHUSA_TRUSTED_PROXIES: {one!r} là mọi địa chỉ (is every address: nobody's word could be checked)"
            raise ValueError(msg)
        found.append(network)
    return tuple(found)


def caller_address(
    headers: Iterable[tuple[bytes, bytes]], peer: str | None, trusted: Sequence[Network]
) -> str:
    """The address a call comes from, in its usual form.

    `headers` are the raw ones (ASGI: lower-case names; a name may come several times), `peer` the address of the
    connection, `trusted` the proxies whose word is believed. An entry that is no address ends the walk: the proxy
    that passed it on answers for it.

    >>> caller_address([(b"x-forwarded-for", b"6.6.6.6, 203.0.113.7")], "127.0.0.1", networks("127.0.0.1"))
    '203.0.113.7'
    >>> caller_address([(b"x-forwarded-for", b"6.6.6.6")], "203.0.113.7", networks("127.0.0.1"))
    '203.0.113.7'
    """
    speaks = _address(peer or "")
    if speaks is None:
        return peer or UNKNOWN
    hops = [hop for name, value in headers if name.lower() == FORWARDED for hop in value.split(b",")]
    for hop in reversed(hops[-MOST_HOPS:]):
        if not any(speaks in network for network in trusted):
            break
        before = _address(hop.decode("latin-1"))
        if before is None:
            break
        speaks = before
    return str(speaks)


def brake_key(address: str) -> str:
    """What a brake counts an address under: itself, of IPv6 its /64.

    >>> brake_key("203.0.113.7"), brake_key("2001:db8::1:2")
    ('203.0.113.7', '2001:db8::/64')
    """
    found = _address(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, HOME_BITS), strict=False))
    return address


def _address(written: str) -> Address | None:
    """An address as proxies write it: also `[2001:db8::1]:443` and `203.0.113.7:443`; None for anything else."""
    bare = written.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    # The same machine by its other name; a zone (%eth0) is text of the caller's choice.
    if isinstance(found, IPv6Address):
        return found.ipv4_mapped or (None if found.scope_id else found)
    return found
