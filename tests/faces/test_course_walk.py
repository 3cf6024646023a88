"""docs/a-course.md, played against the application: a course from its declaration to the credit for it."""

import pytest

from app.sql import Connection
from tests.console import Clock, play
from tests.domain.credits.making import make_pack
from tests.make import NOW, City, Client


async def test_a_course_from_its_declaration_to_credit(
    client: Client, db: Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_pack(db, city.city)
    who = {
        "school": city.school_admin, "county": city.county_admin,
        "teacher": city.teacher_account, "colleague": city.colleague_account,
    }  # fmt: skip
    names = {
        "school_unit": str(city.school["id"]), "teacher_key": str(city.teacher["id"]),
    }  # fmt: skip
    assert await play(client, "a-course.md", who, names, Clock(NOW, monkeypatch)) == 41
