"""From where a request comes: the address that limits count, and what of it is kept and shown.

The address is the connection's. Behind a proxy that is the proxy's, unless the settings name it as
trusted: then the server takes what the proxy says (`X-Forwarded-For`) before a request gets here.
"""

from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.requests import Request
from starlette.types import Scope

LONGEST_AGENT = 120
"""Characters that are kept of how a program names itself."""


def address_of(scope: Scope) -> IPv4Address | IPv6Address | None:
    """The address that a request comes from; None where the server tells of none."""
    peer = scope.get("client")
    try:
        address = ip_address(peer[0]) if peer else None
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def who_asks(scope: Scope) -> str:
    """Whom limits count: an IPv4 address, or the network of an IPv6 one, which one customer has."""
    peer = scope.get("client")
    text: str = peer[0] if peer else ""
    if ":" not in text:
        return text
    address = address_of(scope)
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def masked_address(scope: Scope) -> str | None:
    """An address that its owner recognises and that points to nobody: half of it, then stars."""
    address = address_of(scope)
    if address is None:
        return None
    if isinstance(address, IPv4Address):
        return ".".join([*str(address).split(".")[:2], "*", "*"])
    return ":".join([*address.exploded.split(":")[:3], "*"])


def agent_of(scope: Scope) -> str | None:
    """How the program that asks names itself, shortened."""
    for name, value in scope["headers"]:
        if name == b"user-agent":
            text = value.decode("latin-1")
            return "".join(each for each in text if each.isprintable())[:LONGEST_AGENT] or None
    return None


def attempt_key(what: str, who: str) -> bytes:
    """The key under which attempts are counted: it does not tell who made them."""
    return sha256(f"{what}\n{who}".encode()).digest()


def public_address(request: Request) -> str:
    """The address by which clients know this deployment; without a setting, as it was asked."""
    public: str | None = request.app.state.resources.settings.public_url
    return (public or str(request.base_url)).rstrip("/")
