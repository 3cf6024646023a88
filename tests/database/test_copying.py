"""What COPY writes of a value, and what PostgreSQL reads of it."""

from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from app.copying import as_copied


class _Word(StrEnum):
    WITH_TAB = "a\tb"


@pytest.mark.parametrize(
    ("value", "copied"),
    [
        (None, "\\N"),
        ("", ""),
        ("\\N", "\\\\N"),
        ("a\tb\nc\rd\\e", "a\\tb\\nc\\rd\\\\e"),
        ("张三", "张三"),
        (_Word.WITH_TAB, "a\\tb"),
        (b"\x00\\\xff", "\\\\x005cff"),
        (UUID(int=10), f"{10:032x}"),
        (True, "True"),
        (7, "7"),
        (Decimal("1.50"), "1.50"),
        (date(2026, 2, 1), "2026-02-01"),
        (datetime(2026, 2, 1, tzinfo=UTC), "2026-02-01 00:00:00+00:00"),
        ({}, "{}"),
        ([], "[]"),
        ({"a": 'x\\"\n'}, '{"a":"x\\\\\\\\\\\\"\\\\n"}'),
        (defaultdict(int, a=1), '{"a":1}'),
    ],
)
def test_a_value_is_written_as_copy_reads_it(value: Any, copied: str) -> None:
    assert as_copied(value) == copied
