from datetime import timedelta
from typing import Any

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.activities import ActivityState, SessionNotFound, WrongState
from app.domain.training.attendance import (
    AttendanceStatus,
    Expected,
    NewAttendance,
    NotBegun,
    RegisterFile,
    RegisterFormat,
    RegisterRefused,
    RegisterUnreadable,
    RestOfRegister,
    complete_attendance,
    enter_register_file,
    list_attendance_changes,
    list_teacher_attendance_changes,
    preview_register_file,
    record_attendance,
)
from app.domain.training.attendance.lines import MOST_LINES
from app.domain.training.enrolments import enrol_oneself
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, make_activity, make_attendance, make_teacher

PAGE = PageRequest()
ABSENT = RestOfRegister(status=AttendanceStatus.ABSENT)


async def session_of(db: Connection, city: City, **more: Any) -> Row:
    activity = await make_activity(db, city.county, city.county_admin, **more)
    session: Row = activity["sessions"][0]
    return session


async def statuses(db: Connection, session: Row) -> dict[str, str]:
    rows = await db._driver.fetch(
        "SELECT t.name, a.status FROM attendance a JOIN teacher t ON t.id = teacher_id"
        " WHERE session_id = $1",
        session["id"],
    )
    return {row["name"]: row["status"] for row in rows}


# The rest of the register.


async def test_the_rest_of_the_audience_is_recorded_at_once(db: Connection, city: City) -> None:
    session, actor = await session_of(db, city), city.county_admin.actor
    await make_attendance(db, session, city.county_admin, city.teacher)
    before = db.statements
    told = await complete_attendance(db, actor, session_id=session["id"], rest=ABSENT, now=NOW)
    assert db.statements - before == 4
    assert told == {"session_id": session["id"], "recorded": 2}
    expected = {"测试甲": "present", "测试乙": "absent", "测试丙": "absent"}
    assert await statuses(db, session) == expected
    again = await complete_attendance(db, actor, session_id=session["id"], rest=ABSENT, now=NOW)
    assert again["recorded"] == 0
    assert await statuses(db, session) == expected


async def test_or_of_those_who_enrolled(db: Connection, city: City) -> None:
    session = await session_of(db, city)
    await enrol_oneself(
        db, city.colleague_account.actor, activity_id=session["activity_id"], now=NOW
    )
    rest = ABSENT.model_copy(update={"expected": Expected.ENROLLED})
    actor = city.county_admin.actor
    await complete_attendance(db, actor, session_id=session["id"], rest=rest, now=NOW)
    assert await statuses(db, session) == {"测试乙": "absent"}


@pytest.mark.parametrize(
    ("who", "refusal"), [("school_admin", NotAllowed), ("other_county_admin", SessionNotFound)]
)
async def test_nobody_else_completes_it(
    db: Connection, city: City, who: str, refusal: type[DomainError]
) -> None:
    session = await session_of(db, city)
    with pytest.raises(refusal):
        await complete_attendance(
            db, getattr(city, who).actor, session_id=session["id"], rest=ABSENT, now=NOW
        )
    assert await statuses(db, session) == {}


async def test_nobody_was_there_before_it_begins_and_nothing_after_the_close(
    db: Connection, city: City
) -> None:
    later = await session_of(db, city, begins=NOW + timedelta(days=1))
    closed = await session_of(db, city, state=ActivityState.CLOSED)
    present = RestOfRegister(status=AttendanceStatus.PRESENT)
    actor = city.county_admin.actor
    for session, rest, refusal in ((later, present, NotBegun), (closed, ABSENT, WrongState)):
        with pytest.raises(refusal):
            await complete_attendance(db, actor, session_id=session["id"], rest=rest, now=NOW)
        assert await statuses(db, session) == {}


# The trace.


async def test_what_a_record_was_is_kept_and_what_is_so_already_is_left_alone(
    db: Connection, city: City
) -> None:
    session, actor = await session_of(db, city), city.county_admin.actor
    for status in (AttendanceStatus.ABSENT, AttendanceStatus.ABSENT, AttendanceStatus.LATE):
        new = NewAttendance(teacher_ids=[city.teacher["id"]], status=status)
        told = await record_attendance(db, actor, session_id=session["id"], new=new, now=NOW)
        assert told["recorded"] == 1
    changes = await list_attendance_changes(
        db, actor, activity_id=session["activity_id"], page=PAGE
    )
    (change,) = changes.items
    assert (change["status_before"], change["status_after"]) == ("absent", "late")
    assert (change["name"], change["school"]) == ("测试甲", "甲县第一小学")
    assert (change["method"], change["reason"], change["after_closing"]) == (
        "organiser", None, False,
    )  # fmt: skip
    assert change["changed_by"] == actor.account_id
    own = await list_teacher_attendance_changes(
        db, city.teacher_account.actor, teacher_id=city.teacher["id"], page=PAGE
    )
    assert [row["id"] for row in own.items] == [change["id"]]
    with pytest.raises(NotAllowed):
        await list_attendance_changes(
            db, city.school_admin.actor, activity_id=session["activity_id"], page=PAGE
        )
    with pytest.raises(TeacherNotFound):
        await list_teacher_attendance_changes(
            db, city.sibling_admin.actor, teacher_id=city.teacher["id"], page=PAGE
        )


# The register as a file.


def csv_of(*lines: str) -> RegisterFile:
    content = "\r\n".join(("姓名,学校,教师标识,出勤状态,身份", *lines))
    return RegisterFile(format=RegisterFormat.CSV, content="\ufeff" + content)


async def test_a_table_is_read_through_and_then_entered(db: Connection, city: City) -> None:
    session, actor = await session_of(db, city), city.county_admin.actor
    file = csv_of(
        "测试甲,甲县第一小学,,出席,主讲人",
        f",,{city.colleague['id']},迟到,",
        "",
        "测试丙 ,甲县第二小学,,absent,",
    )
    key = {"session_id": session["id"], "file": file, "now": NOW}
    before = db.statements
    told = await preview_register_file(db, actor, **key)
    assert db.statements - before == 3
    assert told == {"session_id": session["id"], "lines": 3, "ready": 3, "refused": []}
    assert await statuses(db, session) == {}
    before = db.statements
    for _ in range(2):
        entered = await enter_register_file(db, actor, **key)
        assert entered == {"session_id": session["id"], "recorded": 3}
    assert db.statements - before == 8
    expected = {"测试甲": "present", "测试乙": "late", "测试丙": "absent"}
    assert await statuses(db, session) == expected
    kinds = await db._driver.fetch("SELECT DISTINCT method FROM attendance")
    assert [row["method"] for row in kinds] == ["import"]


async def test_one_wrong_line_and_nothing_is_entered(
    db: Connection, city: City, resources: Resources
) -> None:
    await make_teacher(db, resources.cipher, city.school, "测试乙")
    session, actor = await session_of(db, city), city.county_admin.actor
    file = csv_of(
        "测试甲,甲县第一小学,,出席,",
        "测试甲,甲县第一小学,,缺席,",
        "测试乙,甲县第一小学,,出席,",
        "测试丁,乙县第一小学,,出席,",
        f"别人,,{city.sibling_teacher['id']},出席,",
        "测试丙,甲县第二小学,,逃课,",
        ",,not-a-key,出席,",
        "测试丙,,,出席,",
    )
    told = await preview_register_file(db, actor, session_id=session["id"], file=file, now=NOW)
    assert (told["lines"], told["ready"]) == (8, 1)
    refused = {row["line"]: row["code"].removeprefix("attendance_line_") for row in told["refused"]}
    assert refused == {
        3: "twice", 4: "ambiguous", 5: "unknown", 6: "unknown", 7: "malformed", 8: "malformed",
        9: "malformed",
    }  # fmt: skip
    assert all(row["zh"] and row["en"] for row in told["refused"])
    with pytest.raises(RegisterRefused) as raised:
        await enter_register_file(db, actor, session_id=session["id"], file=file, now=NOW)
    assert raised.value.details["count"] == 7
    assert raised.value.details["lines"] == told["refused"]
    assert await statuses(db, session) == {}


async def test_json_lines_are_read_too(db: Connection, city: City) -> None:
    session, actor = await session_of(db, city), city.county_admin.actor
    content = (
        f'{{"teacher_id": "{city.teacher["id"]}", "name": "测试甲", "status": "present"}}\n'
        '{"name": "测试丙", "school": "甲县第二小学", "status": "请假"}\n\n'
        '{"name": "测试丙", "school": "甲县第二小学", "status": "absent", "id_number": "1"}\n'
        f"[1]\n{'[' * 100_000}\n"
        '{"name": ["测试丙"], "school": "\\u0000", "status": {}}\n'
    )
    file = RegisterFile(format=RegisterFormat.JSONL, content=content)
    told = await preview_register_file(db, actor, session_id=session["id"], file=file, now=NOW)
    assert told["ready"] == 2
    assert [(row["line"], row["code"]) for row in told["refused"]] == [
        (line, "attendance_line_malformed") for line in (4, 5, 6, 7)
    ]
    good = RegisterFile(format=RegisterFormat.JSONL, content="\n".join(content.split("\n")[:2]))
    await enter_register_file(db, actor, session_id=session["id"], file=good, now=NOW)
    assert await statuses(db, session) == {"测试甲": "present", "测试丙": "excused"}


@pytest.mark.parametrize(
    "content",
    [
        "姓名,学校,出勤状态\n",
        "姓名, name,学校,状态\n甲,乙,丙,出席\n",
        '姓名,学校\n"甲',
        "name\n" + "甲\n" * (MOST_LINES + 1),
    ],
    ids=["no lines", "two names", "no csv", "too many"],
)
async def test_what_is_no_register_is_refused(db: Connection, city: City, content: str) -> None:
    session, actor = await session_of(db, city), city.county_admin.actor
    file = RegisterFile(format=RegisterFormat.CSV, content=content)
    with pytest.raises(RegisterUnreadable):
        await preview_register_file(db, actor, session_id=session["id"], file=file, now=NOW)


async def test_a_file_says_nothing_of_what_has_not_begun_nor_for_others(
    db: Connection, city: City
) -> None:
    file = csv_of("测试甲,甲县第一小学,,出席,")
    later = await session_of(db, city, begins=NOW + timedelta(days=1))
    for person, refusal in (
        (city.county_admin, NotBegun), (city.school_admin, NotAllowed),
        (city.other_county_admin, SessionNotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await enter_register_file(db, person.actor, session_id=later["id"], file=file, now=NOW)
    assert await statuses(db, later) == {}
