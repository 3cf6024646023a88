"""What a database says of its health, and what counts as ill."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app.database.checkup import CHECKS, Grade, check_database
from app.database.embedded import Urls

MINUTE = timedelta(minutes=1)
EARLY, LATE = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)

GRADES: list[tuple[str, dict[str, Any], Grade]] = [
    ("connections", {"used": 10, "most": 100}, Grade.GOOD),
    ("connections", {"used": 80, "most": 100}, Grade.WATCHED),
    ("connections", {"used": 97, "most": 100}, Grade.BAD),
    ("transactions", {"age": None}, Grade.GOOD),
    ("transactions", {"age": 6 * MINUTE}, Grade.WATCHED),
    ("jobs", {"waiting": 0, "age": None, "failed": 0}, Grade.GOOD),
    ("jobs", {"waiting": 1, "age": MINUTE, "failed": 1}, Grade.WATCHED),
    ("jobs", {"waiting": 1, "age": 11 * MINUTE, "failed": 0}, Grade.WATCHED),
    ("jobs", {"waiting": 1, "age": 61 * MINUTE, "failed": 0}, Grade.BAD),
    ("audit_trail", {"age": None}, Grade.GOOD),
    ("audit_trail", {"age": 16 * MINUTE}, Grade.BAD),
    ("recounts", {"failed": 0}, Grade.GOOD),
    ("recounts", {"failed": 1}, Grade.WATCHED),
    ("log_archive", {"mode": "off", "kept": None, "failed": None}, Grade.WATCHED),
    ("log_archive", {"mode": "on", "kept": LATE, "failed": EARLY}, Grade.GOOD),
    ("log_archive", {"mode": "on", "kept": EARLY, "failed": LATE}, Grade.BAD),
    ("log_archive", {"mode": "on", "kept": None, "failed": LATE}, Grade.BAD),
    ("checksums", {"failures": None}, Grade.WATCHED),
    ("checksums", {"failures": 0}, Grade.GOOD),
    ("checksums", {"failures": 1}, Grade.BAD),
    ("indexes", {"names": None}, Grade.GOOD),
    ("indexes", {"names": ["unit_pkey"]}, Grade.BAD),
    ("transaction_ids", {"age": 200_000_000}, Grade.GOOD),
    ("transaction_ids", {"age": 1_000_000_000}, Grade.BAD),
    ("vacuum", {"names": None}, Grade.GOOD),
    ("vacuum", {"names": ["unit"]}, Grade.WATCHED),
    ("province_codes", {"names": None}, Grade.GOOD),
    ("province_codes", {"names": ["teacher_end=left"]}, Grade.WATCHED),
]


@pytest.mark.parametrize(("name", "row", "grade"), GRADES)
def test_answer_has_its_grade(name: str, row: dict[str, Any], grade: Grade) -> None:
    (check,) = (each for each in CHECKS if each.name == name)

    assert check.means(row)[0] is grade


async def test_every_check_can_be_asked_by_the_application(urls: Urls) -> None:
    connection = await asyncpg.connect(urls.application)
    try:
        found = await check_database(connection)
    finally:
        await connection.close()

    assert [each.check for each in found] == [each.name for each in CHECKS]
    assert not [each for each in found if "cannot be asked" in each.en]


async def test_what_cannot_be_asked_is_bad(urls: Urls) -> None:
    connection = await asyncpg.connect(urls.application)
    try:
        await connection.execute("SET search_path TO nowhere")
        found = {each.check: each for each in await check_database(connection)}
    finally:
        await connection.close()

    assert found["jobs"].grade is Grade.BAD
    assert found["jobs"].en == "cannot be asked: UndefinedTableError"
    assert found["database"].grade is Grade.GOOD
