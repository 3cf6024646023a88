"""The door: a socket that is ours before anything else is begun."""

import socket
from pathlib import Path

import pytest

from app.cli.serving import AddressNotUsable, PortTaken, announce, listen
from app.demo.listed import FILE
from app.settings import Settings
from tests.ports import free_port


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


@pytest.mark.parametrize("demo", [True, False])
def test_the_demo_city_is_offered_where_there_is_one(
    demo: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if demo:
        (tmp_path / FILE).touch()
    announce(Settings(data_folder=tmp_path, port=8001))
    printed = capsys.readouterr().out
    assert "http://127.0.0.1:8001/docs\n" in printed
    for command in ("accounts", "token city.admin", "tour"):
        assert (f" {command}\n" in printed) == demo
