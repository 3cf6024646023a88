from datetime import UTC, datetime, timedelta

from app.domain.training.enrolments import enrol_oneself
from app.sql import Connection
from tests.domain.training.test_occurrences import offer_twice
from tests.make import NOW, City, Client


async def test_choosing_an_occurrence(client: Client, db: Connection, city: City) -> None:
    begins = datetime.now(UTC) + timedelta(days=1)
    activity = await offer_twice(db, city, begins=begins)
    first, again = activity["sessions"]
    path = f"/sessions/{again['id']}/choose"
    none = await client.post(city.teacher_account, path)
    assert (none.status_code, none.json()["code"]) == (404, "enrolment_not_found")
    for person in (city.teacher_account, city.colleague_account):
        await enrol_oneself(db, person.actor, activity_id=activity["id"], now=NOW)
    chosen = await client.post(city.teacher_account, path)
    assert [row["chosen"] for row in chosen.json()] == [False, True]
    full = await client.post(city.colleague_account, path)
    assert (full.status_code, full.json()["code"]) == (409, "session_occurrence_full")
    seen = await client.get(city.school_admin, f"/activities/{activity['id']}/occurrences")
    assert [(row["session_id"], row["taken"]) for row in seen.json()] == [
        (str(first["id"]), 0), (str(again["id"]), 1),
    ]  # fmt: skip
