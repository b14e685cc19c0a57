"""Which IP addresses are public: those that a stranger may make us call.

The IANA registries of special-purpose addresses (RFC 6890) decide, written out here: what ``ipaddress`` calls
global differs from version to version, and includes ways around, such as NAT64 and multicast.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_IPV4_NOT_PUBLIC = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",  # This network; Linux takes 0.0.0.0 for itself.
        "10.0.0.0/8",  # Private.
        "100.64.0.0/10",  # Shared by carriers; a cloud's metadata at 100.100.100.200.
        "127.0.0.0/8",  # Loopback.
        "168.63.129.16/32",  # Looks public, but is the host of every Azure machine.
        "169.254.0.0/16",  # Link-local; the metadata of most clouds.
        "172.16.0.0/12",  # Private.
        "192.0.0.0/24",  # Protocol assignments; a cloud's metadata at 192.0.0.192.
        "192.0.2.0/24",  # Documentation.
        "192.31.196.0/24",  # AS112.
        "192.52.193.0/24",  # Multicast tunnels.
        "192.88.99.0/24",  # 6to4 relays.
        "192.168.0.0/16",  # Private.
        "192.175.48.0/24",  # AS112.
        "198.18.0.0/15",  # Benchmarks.
        "198.51.100.0/24",  # Documentation.
        "203.0.113.0/24",  # Documentation.
        "224.0.0.0/4",  # Multicast.
        "240.0.0.0/4",  # Reserved, and broadcast.
    )
)

_IPV6_UNICAST = ip_network("2000::/3")
"""All that is given out to hosts. Outside lie loopback, IPv4-mapped, NAT64, unique local, link-local,
site-local, segment routing and multicast."""
_IPV6_NOT_PUBLIC = tuple(
    ip_network(block)
    for block in (
        "2001::/23",  # Protocol assignments: Teredo, benchmarks, ORCHID.
        "2001:db8::/32",  # Documentation.
        "2002::/16",  # 6to4: an IPv4 address, possibly a private one, in another dress.
        "2620:4f:8000::/48",  # AS112.
        "3fff::/20",  # Documentation.
    )
)


def is_public(address: str) -> bool:
    """Whether an address, as ``getaddrinfo`` gives it, belongs to the internet at large."""
    found = ip_address(address)
    if isinstance(found, IPv4Address):
        return not any(found in block for block in _IPV4_NOT_PUBLIC)
    return _is_public_ipv6(found)


def _is_public_ipv6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in _IPV6_UNICAST:
        return False
    return not any(address in block for block in _IPV6_NOT_PUBLIC)
