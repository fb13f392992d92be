"""The address behind a request."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the client's network, for counting limits. TRUSTED_PROXY_COUNT says how many proxies are ours.

    For IPv4 that is the address; for IPv6 it is the first address of the /64, because one line can use all of those.

    Each proxy appends the address that called it to X-Forwarded-For. With n proxies of ours, the n-th entry from the
    right is the client's, and the client can invent anything to the left of it.
    """
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    count = settings.TRUSTED_PROXY_COUNT
    if count and len(forwarded) >= count:
        return _network(forwarded[-count])
    return _network(request.META.get("REMOTE_ADDR", ""))


def provider_network(network: str) -> str:
    """Return the network that a provider gives to one customer: the /48 of an IPv6 network, or the IPv4 address.

    A customer with a /48 has 65,536 networks of her own.
    """
    ip = ipaddress.ip_address(network)
    if isinstance(ip, ipaddress.IPv4Address):
        return network
    return str(ipaddress.ip_network((ip, 48), strict=False))


def _network(address: str) -> str:
    """Drop the port that some proxies add. All values that are not addresses count as one."""
    host = address.partition("]")[0].lstrip("[") if address.startswith("[") else address
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return "0.0.0.0"  # noqa: S104  # means an unknown address; nothing listens on it
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False).network_address)
