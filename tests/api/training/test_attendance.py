from datetime import UTC, datetime, timedelta

from app.domain.training.attendance import code_at
from app.sql import Connection, Row
from tests.conftest import SharedPool
from tests.make import City, Client, make_activity


def just_now() -> datetime:
    """The face reads the clock, so these sessions happen when the test does."""
    return datetime.now(UTC) - timedelta(minutes=1)


async def running(db: Connection, city: City) -> Row:
    """A session of the school that is going on."""
    activity = await make_activity(db, city.school, city.school_admin, begins=just_now())
    session: Row = activity["sessions"][0]
    return session


async def test_a_teacher_checks_in_with_the_code_that_is_shown(
    client: Client, db: Connection, city: City, pool: SharedPool
) -> None:
    session = await running(db, city)
    path = f"/sessions/{session['id']}"
    shown = await client.get(city.school_admin, f"{path}/check-in-code")
    assert shown.headers["cache-control"] == "no-store"
    given = {"code": shown.json()["code"]}
    before = pool.statements
    first = await client.post(city.teacher_account, f"{path}/check-in", given)
    assert first.status_code == 200, first.text
    assert pool.statements - before == 2
    assert (first.json()["status"], first.json()["method"]) == ("present", "code")
    again = await client.post(city.teacher_account, f"{path}/check-in", given)
    assert again.content == first.content
    own = await client.get(city.teacher_account, f"/teachers/{city.teacher['id']}/attendance")
    assert own.json()["items"] == [first.json()]
    listed = await client.get(
        city.school_admin, f"/activities/{session['activity_id']}/attendance?status=present"
    )
    assert listed.json()["items"] == [first.json() | {"name": "测试甲", "school": "甲县第一小学"}]


async def test_who_comes_from_another_school_is_refused_as_if_there_were_nothing(
    client: Client, db: Connection, city: City
) -> None:
    session = await running(db, city)
    path = f"/sessions/{session['id']}/check-in"
    given = {"code": code_at(session["secret"], session["id"], datetime.now(UTC))}
    foreign = await client.post(city.sibling_teacher_account, path, given)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "session_not_found")
    admin = await client.post(city.school_admin, path, given)
    assert (admin.status_code, admin.json()["code"]) == (403, "not_allowed")
    wrong = await client.post(city.teacher_account, path, {"code": "AAAAAAAA"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "check_in_code_wrong")
    short = await client.post(city.teacher_account, path, {"code": "A"})
    assert (short.status_code, short.json()["code"]) == (422, "invalid_request")
    listed = await client.get(city.school_admin, f"/activities/{session['activity_id']}/attendance")
    assert listed.json()["items"] == []


async def test_a_session_of_another_day_is_not_open(
    client: Client, db: Connection, city: City
) -> None:
    begins = just_now() - timedelta(days=1)
    activity = await make_activity(db, city.school, city.school_admin, begins=begins)
    session = activity["sessions"][0]
    given = {"code": code_at(session["secret"], session["id"], datetime.now(UTC))}
    late = await client.post(city.teacher_account, f"/sessions/{session['id']}/check-in", given)
    assert (late.status_code, late.json()["code"]) == (409, "check_in_closed")


async def test_the_organiser_keeps_the_register(client: Client, db: Connection, city: City) -> None:
    session = await running(db, city)
    path = f"/sessions/{session['id']}/attendance"
    ids = [str(city.teacher["id"]), str(city.colleague["id"])]
    told = await client.post(city.school_admin, path, {"teacher_ids": ids, "status": "present"})
    assert (told.status_code, told.json()) == (
        200, {"session_id": str(session["id"]), "recorded": 2},
    )  # fmt: skip
    outsider = [str(city.sibling_teacher["id"])]
    refused = await client.post(
        city.school_admin, path, {"teacher_ids": outsider, "status": "present"}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "attendance_outside_audience")
    for nonsense in ({"teacher_ids": [], "status": "late"}, {"teacher_ids": ids, "status": "x"}):
        answer = await client.post(city.school_admin, path, nonsense)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    listed = await client.get(
        city.school_admin, f"/activities/{session['activity_id']}/attendance?fields=name,status"
    )
    assert listed.json()["items"] == [
        {"name": "测试乙", "status": "present"},
        {"name": "测试甲", "status": "present"},
    ]
