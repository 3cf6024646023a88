"""The client of webhooks: one request to an address that somebody else has named.

Such an address is a means of making this server ask its own neighbours. So the name is resolved here,
every address behind it must be a public one (or in a network that the operator has named), and the request
goes to the very address that was looked at, by its name in TLS and in `Host`. No redirection is followed,
nothing is taken from the environment, and an answer is read up to its first few hundred bytes.
"""

import asyncio
import socket
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx2
from standardwebhooks import Webhook

from app.domain.exchange.webhooks import Carried, Parcel, WebhookAddressRefused
from app.settings import Settings

PATIENCE: Final = 10.0
"""Seconds that an attempt may take, from looking the name up to the answer's beginning."""
EXCERPT: Final = 300
"""Characters of an answer that are kept."""
_READ_AT_MOST: Final = 1024
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


class WebhookClient:
    """Calls public addresses by https, and those that the settings allow besides."""

    def __init__(
        self,
        *,
        networks: Sequence[str] = (),
        ports: Sequence[int] = (443, 8443),
        plain: bool = False,
        patience: float = PATIENCE,
    ) -> None:
        self._networks = [ip_network(each) for each in networks]
        self._ports = frozenset(ports)
        self._schemes = frozenset({"https", "http"} if plain else {"https"})
        self._patience = patience

    async def check(self, url: str) -> None:
        """Refuse an address that would not be called; a name that is unknown as yet may come to be."""
        try:
            async with asyncio.timeout(self._patience):
                await self._addresses(self._parted(url))
        except (OSError, TimeoutError):
            return

    async def carry(self, parcel: Parcel) -> Carried:
        """Bring a message to its address; whatever goes wrong is an outcome, by a stable word."""
        began = time.monotonic()
        status, excerpt, problem = None, None, None
        try:
            async with asyncio.timeout(self._patience):
                status, excerpt = await self._post(parcel)
        except WebhookAddressRefused:
            problem = "address_refused"
        except TimeoutError:
            problem = "timeout"
        except (httpx2.ConnectError, OSError):
            problem = "unreachable"
        except httpx2.HTTPError:
            problem = "broken_answer"
        if status is not None and not 200 <= status < 300:
            problem = "redirect" if 300 <= status < 400 else "refused"
        taken = int((time.monotonic() - began) * 1000)
        return Carried(status, problem, taken, excerpt)

    async def _post(self, parcel: Parcel) -> tuple[int, str | None]:
        parted = self._parted(parcel.url)
        address = (await self._addresses(parted))[0]
        name = parted.hostname or ""
        # The address in place of the name: between looking and calling, nobody can give another.
        at = f"[{address}]" if address.version == 6 else str(address)
        pinned = parted._replace(netloc=f"{at}:{_port(parted)}").geturl()
        headers = _signed(parcel) | {"host": parted.netloc}
        async with (
            httpx2.AsyncClient(
                trust_env=False, follow_redirects=False, timeout=self._patience
            ) as client,
            client.stream(
                "POST",
                pinned,
                content=parcel.body.encode(),
                headers=headers,
                extensions={"sni_hostname": name},
            ) as answer,
        ):
            return answer.status_code, await _beginning(answer)

    def _parted(self, url: str) -> SplitResult:
        try:
            parted = urlsplit(url)
            port = _port(parted)
        except ValueError:
            raise WebhookAddressRefused from None
        if (
            parted.scheme not in self._schemes
            or not parted.hostname
            or "@" in parted.netloc
            or port not in self._ports
        ):
            raise WebhookAddressRefused
        return parted

    async def _addresses(self, parted: SplitResult) -> list[IPv4Address | IPv6Address]:
        """The addresses behind a name, each of which may be called; raises `OSError` for none."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                parted.hostname, _port(parted), type=socket.SOCK_STREAM
            )
        except UnicodeError:  # a label is empty or too long: no name at all
            raise WebhookAddressRefused from None
        addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
        if not addresses:
            raise OSError
        if not all(self._may_be_called(each) for each in addresses):
            raise WebhookAddressRefused
        return addresses

    def _may_be_called(self, address: IPv4Address | IPv6Address) -> bool:
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if any(address in network for network in self._networks):
            return True
        inside = isinstance(address, IPv6Address) and any(address in each for each in _NOT_PUBLIC)
        return address.is_global and not (address.is_multicast or address.is_reserved or inside)


_NOT_PUBLIC: Final = tuple(
    map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10"))
)
"""IPv6 addresses with an IPv4 address inside, which may be any (NAT64, 6to4, Teredo), and those of a site."""


def _port(parted: SplitResult) -> int:
    return parted.port or _DEFAULT_PORTS.get(parted.scheme, 0)


def _signed(parcel: Parcel) -> dict[str, str]:
    """The headers of Standard Webhooks: one signature for each secret that holds."""
    moment = datetime.now(UTC)
    key = str(parcel.message_id)
    signatures = [Webhook(each).sign(key, moment, parcel.body) for each in parcel.secrets]
    return {
        "content-type": "application/json",
        "user-agent": "yanxun-webhooks",
        "webhook-id": key,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


async def _beginning(answer: httpx2.Response) -> str | None:
    """How a body begins, without what a terminal or a page would obey; no more of it is read.

    It is read as it comes over the wire: what is compressed is not unpacked.
    """
    read = b""
    async for piece in answer.aiter_raw():
        read += piece
        if len(read) >= _READ_AT_MOST:
            break
    text = read[:_READ_AT_MOST].decode("utf-8", "replace")[:EXCERPT]
    return "".join(each if each.isprintable() else " " for each in text).strip() or None


def open_courier(settings: Settings) -> WebhookClient:
    """The client as the settings bound it."""
    return WebhookClient(
        networks=settings.webhook_networks,
        ports=settings.webhook_ports,
        plain=settings.webhook_plain,
    )
