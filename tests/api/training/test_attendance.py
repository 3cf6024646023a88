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
    assert pool.statements - before == 1, "the record with its act; the secret was known"
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


async def test_coming_and_leaving_where_the_activity_asks_for_it(
    client: Client, db: Connection, city: City, pool: SharedPool
) -> None:
    session = await running(db, city)
    rule = f"/activities/{session['activity_id']}/attendance-rule"
    wanted = {"late_after": 0, "records_leaving": True, "least_share": 50}
    nonsense = await client.post(city.school_admin, rule, {"least_share": 50})
    assert (nonsense.status_code, nonsense.json()["code"]) == (422, "invalid_request")
    told = await client.post(city.school_admin, rule, wanted)
    assert (await client.get(city.teacher_account, rule)).json() == told.json()
    path = f"/sessions/{session['id']}"
    given = {"code": code_at(session["secret"], session["id"], datetime.now(UTC))}
    early = await client.post(city.teacher_account, f"{path}/check-out", given)
    assert (early.status_code, early.json()["code"]) == (409, "check_out_before_check_in")
    came = await client.post(city.teacher_account, f"{path}/check-in", given)
    assert came.json()["status"] == "late"
    before = pool.statements
    left = await client.post(
        city.teacher_account, f"{path}/check-out", given | {"device": "d" * 16}
    )
    assert pool.statements - before == 3, "what there is, the record, the act"
    assert (left.json()["status"], left.json()["minutes"]) == ("left_early", 0)
    again = await client.post(city.teacher_account, f"{path}/check-out", given)
    assert again.content == left.content


async def test_a_code_seen_offline_is_handed_in(client: Client, db: Connection, city: City) -> None:
    session = await running(db, city)
    path = f"/sessions/{session['id']}/check-in-offline"
    seen = datetime.now(UTC)
    given = {
        "code": code_at(session["secret"], session["id"], seen), "seen_at": seen.isoformat(),
    }  # fmt: skip
    ahead = await client.post(
        city.teacher_account, path, given | {"seen_at": (seen + timedelta(hours=1)).isoformat()}
    )
    assert (ahead.status_code, ahead.json()["code"]) == (422, "offline_clock_ahead")
    told = await client.post(city.teacher_account, path, given)
    assert (told.status_code, told.json()["method"]) == (200, "offline")
    assert (await client.post(city.teacher_account, path, given)).content == told.content


async def test_the_register_as_a_file_the_rest_and_a_correction(
    client: Client, db: Connection, city: City
) -> None:
    session = await running(db, city)
    path = f"/sessions/{session['id']}/attendance"
    file = {
        "format": "csv",
        "content": "姓名,学校,出勤状态\n测试甲,甲县第一小学,出席\n无此人,甲县第一小学,出席",
    }
    preview = await client.post(city.school_admin, f"{path}/file-preview", file)
    assert preview.json()["ready"] == 1
    assert [row["line"] for row in preview.json()["refused"]] == [3]
    refused = await client.post(city.school_admin, f"{path}/file", file)
    assert (refused.status_code, refused.json()["code"]) == (422, "attendance_file_refused")
    assert refused.json()["details"]["lines"] == preview.json()["refused"]
    file["content"] = file["content"].rpartition("\n")[0]
    told = await client.post(city.school_admin, f"{path}/file", file)
    assert told.json()["recorded"] == 1, told.text
    rest = await client.post(city.school_admin, f"{path}/rest", {"status": "absent"})
    assert rest.json()["recorded"] == 1
    activity = f"/activities/{session['activity_id']}"
    listed = await client.get(city.school_admin, f"{activity}/attendance?fields=id,name,status")
    absent, present = listed.json()["items"]
    assert (absent["status"], present["status"]) == ("absent", "present")
    correct = f"/attendance/{absent['id']}/correct"
    without = await client.post(city.school_admin, correct, {"status": "late"})
    assert (without.status_code, without.json()["code"]) == (422, "invalid_request")
    body = {"status": "late", "reason": "现场确认到场"}
    foreign = await client.post(city.sibling_admin, correct, body)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "attendance_not_found")
    assert (await client.post(city.school_admin, correct, body)).json()["status"] == "late"
    changes = await client.get(city.school_admin, f"{activity}/attendance-changes")
    (change,) = changes.json()["items"]
    assert (change["reason"], change["name"]) == ("现场确认到场", "测试乙")
    own = await client.get(
        city.colleague_account, f"/teachers/{city.colleague['id']}/attendance-changes"
    )
    assert [row["id"] for row in own.json()["items"]] == [change["id"]]
