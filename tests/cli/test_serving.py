"""The door: a socket that is ours before anything else is begun."""

import socket

import pytest

from app.cli.serving import AddressNotUsable, PortTaken, listen
from tests.cli.test_run import free_port


def test_a_door_that_is_open_takes_those_who_come_early() -> None:
    port = free_port()
    with (
        listen("127.0.0.1", port),
        socket.create_connection(("127.0.0.1", port), timeout=5) as early,
    ):
        assert early.getpeername() == ("127.0.0.1", port)


def test_a_second_door_on_the_same_port_is_refused_with_the_next_port() -> None:
    port = free_port()
    with listen("127.0.0.1", port), pytest.raises(PortTaken) as refused:
        listen("127.0.0.1", port)
    assert refused.value.details == {"port": port, "other": port + 1}
    assert f"PORT={port + 1} make run" in refused.value.message("zh")


# The first is reserved for documentation and nobody's, the second is no name at all.
@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_that_is_not_ours_is_refused_with_the_reason(host: str) -> None:
    with pytest.raises(AddressNotUsable) as refused:
        listen(host, free_port())
    assert refused.value.details["host"] == host
    assert refused.value.details["reason"]
