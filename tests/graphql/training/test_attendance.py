from datetime import UTC, datetime, timedelta

from app.domain.training.attendance import code_at
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client, make_activity, make_attendance

CHECK_IN = (
    "mutation ($id: UUID!, $code: String!)"
    " { checkIn(sessionId: $id, given: {code: $code}) { status method activity { title } } }"
)


async def test_a_code_is_shown_and_given(client: Client, db: Connection, city: City) -> None:
    begins = datetime.now(UTC) - timedelta(minutes=1)
    activity = await make_activity(db, city.school, city.school_admin, begins=begins)
    key = {"id": str(activity["sessions"][0]["id"])}
    show = "query ($id: UUID!) { checkInCode(sessionId: $id) { code } }"
    shown = await client.graphql(city.school_admin, show, key)
    refused = await client.graphql(city.teacher_account, show, key)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    given = key | shown["data"]["checkInCode"]
    entered = await client.graphql(city.teacher_account, CHECK_IN, given)
    assert entered["data"]["checkIn"] == {
        "status": "PRESENT", "method": "CODE", "activity": {"title": "测试研修活动"},
    }  # fmt: skip
    foreign = await client.graphql(city.sibling_teacher_account, CHECK_IN, given)
    assert foreign["errors"][0]["extensions"]["code"] == "session_not_found"
    listed = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { attendance(activityId: $id) { nodes { name school status } } }",
        {"id": str(activity["id"])},
    )
    assert listed["data"]["attendance"]["nodes"] == [
        {"name": "测试甲", "school": "甲县第一小学", "status": "PRESENT"}
    ]


async def test_the_organiser_keeps_the_register(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    new = {"teacherIds": [str(city.teacher["id"])], "status": "LATE", "role": "SPEAKER"}
    told = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $new: NewAttendance!)"
        " { recordAttendance(sessionId: $id, new: $new) { recorded } }",
        {"id": str(activity["sessions"][0]["id"]), "new": new},
    )
    assert told["data"]["recordAttendance"] == {"recorded": 1}
    own = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { teacherAttendance(teacherId: $id) { nodes { status role } } }",
        {"id": str(city.teacher["id"])},
    )
    assert own["data"]["teacherAttendance"]["nodes"] == [{"status": "LATE", "role": "SPEAKER"}]


async def test_the_edge_from_teachers_is_one_statement_a_level(
    client: Client, db: Connection, city: City, pool: SharedPool
) -> None:
    for _ in range(3):
        activity = await make_activity(db, city.county, city.county_admin)
        await make_attendance(
            db, activity["sessions"][0], city.county_admin, city.teacher, city.colleague
        )
    before = pool.statements
    answer = await client.graphql(
        city.school_admin,
        "{ teachers { nodes { name attendance(first: 2) { nodes { status activity { title } } } } } }",
    )
    assert "errors" not in answer, answer
    record = {"status": "PRESENT", "activity": {"title": "测试研修活动"}}
    assert answer["data"]["teachers"]["nodes"] == [
        {"name": "测试乙", "attendance": {"nodes": [record] * 2}},
        {"name": "测试甲", "attendance": {"nodes": [record] * 2}},
    ]
    assert pool.statements - before == 3


async def test_what_an_activity_demands_and_leaving(
    client: Client, db: Connection, city: City
) -> None:
    begins = datetime.now(UTC) - timedelta(minutes=1)
    activity = await make_activity(db, city.school, city.school_admin, begins=begins)
    key, session = {"id": str(activity["id"])}, activity["sessions"][0]
    rule = "{ lateAfter recordsLeaving leastShare }"
    told = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { setAttendanceRule(activityId: $id,"
        f" new: {{recordsLeaving: true, leastShare: 10}}) {rule} }}",
        key,
    )
    expected = {"lateAfter": None, "recordsLeaving": True, "leastShare": 10}
    assert told["data"]["setAttendanceRule"] == expected
    asked = await client.graphql(
        city.teacher_account,
        f"query ($id: UUID!) {{ attendanceRule(activityId: $id) {rule} }}",
        key,
    )
    assert asked["data"]["attendanceRule"] == expected
    now = datetime.now(UTC)
    given = {"id": str(session["id"]), "code": code_at(session["secret"], session["id"], now)}
    await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!, $code: String!, $at: DateTime!)"
        " { checkInOffline(sessionId: $id, given: {code: $code, seenAt: $at}) { method } }",
        given | {"at": now.isoformat()},
    )
    left = await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!, $code: String!)"
        " { checkOut(sessionId: $id, given: {code: $code}) { status method minutes } }",
        given,
    )
    assert left["data"]["checkOut"] == {"status": "LEFT_EARLY", "method": "OFFLINE", "minutes": 0}


async def test_the_register_as_a_file_the_rest_and_a_correction(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    key = {"id": str(activity["sessions"][0]["id"])}
    file = {
        "format": "JSONL",
        "content": f'{{"teacher_id": "{city.teacher["id"]}", "status": "absent"}}',
    }
    for name, selection, expected in (
        ("previewRegisterFile", "{ ready refused { line code } }", {"ready": 1, "refused": []}),
        ("enterRegisterFile", "{ recorded }", {"recorded": 1}),
    ):
        told = await client.graphql(
            city.school_admin,
            "mutation ($id: UUID!, $file: RegisterFile!)"
            f" {{ {name}(sessionId: $id, file: $file) {selection} }}",
            key | {"file": file},
        )
        assert told["data"][name] == expected, told
    rest = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { completeAttendance(sessionId: $id, rest: {status: PRESENT})"
        " { recorded } }",
        key,
    )
    assert rest["data"]["completeAttendance"] == {"recorded": 1}


async def test_a_correction_leaves_its_trace(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    listed = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { attendance(activityId: $id) { nodes { id } } }",
        {"id": str(activity["id"])},
    )
    corrected = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { correctAttendance(attendanceId: $id,"
        ' correction: {status: LATE, reason: "现场确认"}) { name status } }',
        listed["data"]["attendance"]["nodes"][0],
    )
    assert corrected["data"]["correctAttendance"] == {"name": "测试甲", "status": "LATE"}
    for query, person, owner in (
        ("attendanceChanges(activityId: $id)", city.school_admin, activity),
        ("teacherAttendanceChanges(teacherId: $id)", city.teacher_account, city.teacher),
    ):
        changes = await client.graphql(
            person,
            f"query ($id: UUID!) {{ {query} {{ nodes {{ statusBefore statusAfter reason }} }} }}",
            {"id": str(owner["id"])},
        )
        (nodes,) = (each["nodes"] for each in changes["data"].values())
        assert nodes == [{"statusBefore": "PRESENT", "statusAfter": "LATE", "reason": "现场确认"}]
