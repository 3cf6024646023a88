"""What `If-Match` means (RFC 9110, 13.1.1)."""

from typing import Any

import pytest
from starlette.requests import Request

from app.api.answers import ChangedMeanwhile, check_if_match, etag_of

ROW: dict[str, Any] = {"id": "一", "name": "甲"}
TAG = etag_of(ROW)


def asked(*lines: str) -> Request:
    """A request with these lines of `If-Match`."""
    headers = [(b"if-match", line.encode()) for line in lines]
    return Request({"type": "http", "method": "PATCH", "path": "/", "headers": headers})


@pytest.mark.parametrize(
    "lines", [(), ("*",), (TAG,), (f'"old", {TAG}',), (f'{TAG},"new"',), ('"old"', TAG)]
)
def test_a_change_of_what_was_read_goes_through(lines: tuple[str, ...]) -> None:
    check_if_match(asked(*lines), ROW)


@pytest.mark.parametrize(
    "lines", [('"old"',), ("",), (f"W/{TAG}",), ('"old", "older"',), (TAG.strip('"'),)]
)
def test_a_change_of_another_state_does_not(lines: tuple[str, ...]) -> None:
    with pytest.raises(ChangedMeanwhile):
        check_if_match(asked(*lines), ROW)
