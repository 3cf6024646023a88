"""What is logged of a request and of what went wrong: enough to find it, and nobody's data."""

import json
import logging
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from app.domain.errors import NotFound
from app.request.logs import JsonLines, PlainLines
from app.tracing import REQUEST_ID
from tests.make import City, Client

PERSON = "张三丰 110105194912310021"


def violated() -> None:
    """As PostgreSQL tells of a key that is there already: its detail quotes the row."""
    error = asyncpg.UniqueViolationError('duplicate key value violates "uq_teacher_id_no"')
    error.detail = f"Key (id_no)=({PERSON}) already exists."
    error.table_name, error.constraint_name = "teacher", "uq_teacher_id_no"
    raise error


def mistyped() -> None:
    raise ValueError(f"{PERSON} is no date")


def chained() -> None:
    try:
        mistyped()
    except ValueError as error:
        raise NotFound from error


def line_of(fails: Callable[[], None], formatter: logging.Formatter, **more: Any) -> str:
    """The line of an event that is logged with an exception."""
    with pytest.raises(Exception) as raised:  # noqa: PT011  whatever it is, it is logged
        fails()
    error = raised.value
    info = (type(error), error, error.__traceback__)
    record = logging.makeLogRecord(
        {"name": "yanxun", "levelname": "ERROR", "msg": "%s failed", "args": ("it",),
         "exc_info": info} | more
    )  # fmt: skip
    return formatter.format(record)


@pytest.mark.parametrize("formatter", [JsonLines(), PlainLines()])
@pytest.mark.parametrize("fails", [violated, mistyped, chained])
def test_trace_quotes_nobody(fails: Callable[[], None], formatter: logging.Formatter) -> None:
    line = line_of(fails, formatter)

    assert fails.__name__ in line, "where it came from is told"
    assert "张三丰" not in line
    assert "110105" not in line


def test_line_says_which_request_and_which_errors() -> None:
    token = REQUEST_ID.set("a-request-of-ours")
    try:
        told = json.loads(line_of(chained, JsonLines(), milliseconds=3.5))
    finally:
        REQUEST_ID.reset(token)

    assert told["request_id"] == "a-request-of-ours"
    assert (told["message"], told["milliseconds"]) == ("it failed", 3.5)
    assert [each["error"] for each in told["errors"]] == ["ValueError", "NotFound: not_found"]
    assert json.loads(line_of(violated, JsonLines()))["errors"][0]["error"] == (
        "UniqueViolationError: 23505 teacher uq_teacher_id_no"
    )


async def test_requests_are_counted_by_the_template_of_their_route(
    client: Client, city: City
) -> None:
    def counted(text: str, route: str, status: int) -> float:
        name = f'http_requests_total{{method="GET",route="{route}",status="{status}"}}'
        lines = [line for line in text.splitlines() if line.startswith(name)]
        return float(lines[0].split()[-1]) if lines else 0.0

    route = "/api/v1/units/{unit_id}"
    before = (await client.http.get("/metrics")).text
    unit = f"/api/v1/units/{city.school['id']}"
    headers = client.headers(city.school_admin)
    assert (await client.http.get(unit, headers=headers)).status_code == 200
    assert (await client.http.get(unit)).status_code == 401
    assert (await client.http.get("/made/up/by/a/stranger")).status_code == 404
    after = (await client.http.get("/metrics")).text

    assert counted(after, route, 200) == counted(before, route, 200) + 1
    assert counted(after, route, 401) == counted(before, route, 401) + 1
    assert counted(after, "unknown", 404) == counted(before, "unknown", 404) + 1
    assert str(city.school["id"]) not in after
    assert "stranger" not in after
