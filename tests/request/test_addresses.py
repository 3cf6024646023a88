from typing import Any

import pytest
from pydantic import ValidationError

from app.request.addresses import agent_of, attempt_key, masked_address, who_asks
from app.settings import Settings


def scope(address: str | None, **headers: str) -> dict[str, Any]:
    return {
        "client": None if address is None else (address, 1234),
        "headers": [(name.replace("_", "-").encode(), value.encode("latin-1"))
                    for name, value in headers.items()],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "who", "masked"),
    [
        ("203.0.113.77", "203.0.113.77", "203.0.*.*"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", "2001:0db8:0001:*"),
        ("::ffff:203.0.113.77", "203.0.113.77", "203.0.*.*"),
        ("testclient", "testclient", None),
        (None, "", None),
    ],
)
def test_who_is_counted_and_what_is_shown(
    address: str | None, who: str, masked: str | None
) -> None:
    assert who_asks(scope(address)) == who
    assert masked_address(scope(address)) == masked


def test_one_customer_of_the_newer_internet_has_one_name() -> None:
    assert who_asks(scope("2001:db8:1:2:aaaa::1")) == who_asks(scope("2001:db8:1:2:bbbb::2"))
    assert who_asks(scope("2001:db8:1:3::1")) != who_asks(scope("2001:db8:1:2::1"))


def test_a_header_alone_moves_nobody() -> None:
    assert who_asks(scope("203.0.113.77", x_forwarded_for="198.51.100.1")) == "203.0.113.77"


@pytest.mark.parametrize(
    ("named", "kept"),
    [("curl/8", "curl/8"), ("x" * 500, "x" * 120), ("a\x07b", "ab"), ("", None), (None, None)],
)
def test_how_a_program_names_itself(named: str | None, kept: str | None) -> None:
    headers = {} if named is None else {"user_agent": named}
    assert agent_of(scope("203.0.113.77", **headers)) == kept


def test_a_key_of_attempts_tells_nobody() -> None:
    key = attempt_key("sign in", "203.0.113.77")
    assert len(key) == 32
    assert key != attempt_key("device", "203.0.113.77")
    assert b"203" not in key


@pytest.mark.parametrize("named", ["*", "0.0.0.0/0", "::/0", "proxy.example", "10.0.0.1/8"])
def test_nobody_is_believed_by_a_mistake(named: str) -> None:
    """The server would believe everybody, or silently nobody."""
    with pytest.raises(ValidationError):
        Settings(trusted_proxies=[named])
    assert Settings(trusted_proxies=["10.0.0.1", "10.0.0.0/8", "fd00::/8"]).trusted_proxies
