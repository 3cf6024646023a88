from datetime import UTC, datetime, timedelta

from app.domain.training.enrolments import enrol_oneself
from app.sql import Connection
from tests.domain.training.test_occurrences import offer_twice
from tests.make import NOW, City, Client


async def test_choosing_an_occurrence(client: Client, db: Connection, city: City) -> None:
    activity = await offer_twice(db, city, begins=datetime.now(UTC) + timedelta(days=1))
    await enrol_oneself(db, city.teacher_account.actor, activity_id=activity["id"], now=NOW)
    chosen = await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!) { chooseOccurrence(sessionId: $id) { chosen taken } }",
        {"id": str(activity["sessions"][1]["id"])},
    )
    assert chosen["data"]["chooseOccurrence"] == [
        {"chosen": False, "taken": 0}, {"chosen": True, "taken": 1},
    ]  # fmt: skip
    seen = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { occurrences(activityId: $id) { places chosen } }",
        {"id": str(activity["id"])},
    )
    assert seen["data"]["occurrences"] == [
        {"places": None, "chosen": False}, {"places": 1, "chosen": False},
    ]  # fmt: skip
