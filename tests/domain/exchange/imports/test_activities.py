"""Past activities with attendance, taken over from the files that schools keep."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.domain.exchange.imports import ImportSubject
from app.domain.paging import PageRequest
from app.domain.training.activities import (
    ActivityState,
    conclude_activity,
    get_activity,
    list_activities,
    list_sessions,
)
from app.domain.training.attendance import (
    AttendanceCorrection,
    AttendanceStatus,
    correct_attendance,
    list_attendance,
)
from app.request import Resources
from app.sql import Connection, Row, Statement
from tests.conftest import SharedPool
from tests.domain.exchange.test_imports import Case
from tests.make import NOW, City, id_number, make_activity
from tests.make_imports import PEOPLE_HEAD, csv

HEAD = "活动名称,组织单位,开始日期,开始时间,结束时间,活动形式,研修方式,培训渠道,学时,姓名,证件号码,出勤状态"
DAY = (NOW - timedelta(days=20)).date().isoformat()
ACTIVITY = f"分数教学研讨,{{school}},{DAY},14:30,16:30,专题研讨,集中研修,校本研修,2"
PAGE = PageRequest(limit=20)
ALONE: dict[str, ImportSubject] = {"subject": ImportSubject.ACTIVITIES}


class Register(Case):
    """A county's administrator with a file of a school's activities."""

    def file(self, *people: str, head: str = HEAD, activity: str = ACTIVITY) -> bytes:
        line = activity.format(school=self.city.school["name"])
        return csv(head, *(f"{line},{person}" for person in people))

    async def attendance(self, activity_id: UUID | str) -> list[tuple[str, str]]:
        found = await list_attendance(
            self.db, self.actor, activity_id=UUID(str(activity_id)), page=PAGE
        )
        return [(row["name"], row["status"]) for row in found.items]

    async def people(self, *names: str) -> list[str]:
        """People entered at the school; their numbers."""
        numbers = [id_number() for _ in names]
        await self.applied(
            csv(PEOPLE_HEAD, *(self.line(*each) for each in zip(names, numbers, strict=True)))
        )
        return numbers


@pytest.fixture
def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Register:
    return Register(db, pool, resources, city)


async def test_an_activity_comes_with_its_attendance_and_is_taken_back(case: Register) -> None:
    first, second = await case.people("甲老师", "乙老师")
    content = case.file(
        f"甲老师,{first},", f"乙老师,{second[-4:]},迟到", "丙老师,,", f"丁,{id_number()},", ",,"
    )
    run = await case.checked(content, **ALONE)
    assert (run["creates"], run["rejects"]) == (3, 2)
    assert (await list_activities(case.db, case.actor, page=PAGE)).items == []
    run = await case.applied(content, **ALONE)
    assert (run["applied"], run["rejects"]) == (3, 2)
    assert await case.codes(run) == [
        [], [], ["import_person_not_found"], ["import_person_not_found"], [],
    ]  # fmt: skip
    rows = await case.rows(run)
    activity_id = rows[0]["after"]["new_activity"]
    assert "new_activity" not in rows[1]["after"]
    activity = await get_activity(case.db, case.actor, activity_id=activity_id)
    assert (activity["state"], activity["title"], str(activity["hours"])) == (
        ActivityState.HELD, "分数教学研讨", "2.00",
    )  # fmt: skip
    [session] = await list_sessions(case.db, case.actor, activity_id=activity["id"])
    assert session["starts_at"].isoformat().startswith(f"{DAY}T06:30")
    assert await case.attendance(activity["id"]) == [("乙老师", "late"), ("甲老师", "present")]
    again = await case.checked(content, overwrite=True, **ALONE)
    assert (again["unchanged"], again["rejects"]) == (3, 2)
    run = await case.undone(run["id"])
    assert run["undone"] == 3
    assert (await list_activities(case.db, case.actor, page=PAGE)).items == []
    left = Statement(text("SELECT kind, count(*) FROM departure GROUP BY kind ORDER BY kind"))
    gone = {row["kind"]: row["count"] for row in await case.db.all(left)}
    assert (gone["activity"], gone["attendance"]) == (1, 2)


async def test_attendance_of_an_activity_that_is_there_follows_the_file(case: Register) -> None:
    [number] = await case.people("甲老师")
    run = await case.applied(case.file(f"甲老师,{number},出席"), **ALONE)
    changed = await case.applied(case.file(f"甲老师,{number},请假"), **ALONE)
    [row] = await case.rows(changed)
    assert (row["before"], row["after"]) == ({"status": "present"}, {"status": "excused"})
    other = ACTIVITY.removesuffix("2") + "3"
    differs = await case.checked(case.file(f"甲老师,{number},出席", activity=other), **ALONE)
    assert await case.codes(differs) == [["import_activity_differs"]]
    assert (await case.undone(changed["id"]))["undone"] == 1
    activity_id = (await case.rows(run))[0]["after"]["new_activity"]
    assert await case.attendance(activity_id) == [("甲老师", "present")]


async def test_what_was_corrected_by_hand_stays_and_is_not_taken_back(case: Register) -> None:
    [number] = await case.people("甲老师")
    run = await case.applied(case.file(f"甲老师,{number},出席"), **ALONE)
    [row] = await case.rows(run)
    await correct_attendance(
        case.db,
        case.city.school_admin.actor,
        attendance_id=row["target_id"],
        correction=AttendanceCorrection(status=AttendanceStatus.ABSENT, reason="经核实未到场"),
        credited=_nobody,
        now=NOW + timedelta(hours=1),
    )
    again = await case.checked(case.file(f"甲老师,{number},出席", ",,"), **ALONE)
    assert (await case.codes(again))[0] == ["import_kept_by_hand"]
    run = await case.undone(run["id"])
    assert (run["undone"], await case.codes(run)) == (0, [["import_changed_since"]])
    assert await case.attendance(row["after"]["new_activity"]) == [("甲老师", "absent")]


async def _nobody(db: Connection, *, activity_id: UUID, teacher_ids: Sequence[UUID]) -> list[UUID]:
    return []


async def test_what_is_closed_is_neither_changed_nor_taken_back(case: Register) -> None:
    first, second = await case.people("甲老师", "乙老师")
    run = await case.applied(case.file(f"甲老师,{first},出席"), **ALONE)
    [row] = await case.rows(run)
    activity_id = row["after"]["new_activity"]
    admin = case.city.school_admin.actor
    await conclude_activity(case.db, admin, activity_id=activity_id, now=NOW)
    again = case.file(f"甲老师,{first},出席", f"甲老师,{first},缺席", f"乙老师,{second},出席")
    run_again = await case.checked(again, **ALONE)
    assert await case.codes(run_again) == [
        [], ["activity_wrong_state", "import_row_repeated"], ["activity_wrong_state"],
    ]  # fmt: skip
    run = await case.undone(run["id"])
    assert (run["undone"], await case.codes(run)) == (0, [["import_changed_since"]])
    assert await case.attendance(activity_id) == [("甲老师", "present")]


async def test_the_first_who_is_expected_sets_the_activity_up(case: Register) -> None:
    [number] = await case.people("甲老师")
    elsewhere = case.city.sibling["name"]
    stranger = id_number()
    await case.applied(csv(PEOPLE_HEAD, f"外校老师,{stranger},{elsewhere},语文,小学,一级教师"))
    run = await case.applied(
        case.file(f"外校老师,{stranger},出席", f"甲老师,{number},出席"), **ALONE
    )
    assert await case.codes(run) == [["attendance_outside_audience"], []]
    first, second = await case.rows(run)
    assert "new_activity" not in first["after"]
    assert await case.attendance(second["after"]["new_activity"]) == [("甲老师", "present")]


@pytest.mark.parametrize(
    ("activity", "code"),
    [
        (ACTIVITY.replace("专题研讨,", ","), "import_cell_needed"),
        (ACTIVITY.replace("专题研讨,", "聚餐,"), "import_cell_unfit"),
        (ACTIVITY.replace(DAY, "2099-01-01"), "import_activity_to_come"),
        (ACTIVITY.replace("{school}", "无此校"), "import_unit_unknown"),
        (ACTIVITY.replace("14:30,16:30", "16:30,14:30"), "import_row_unfit"),
    ],
)
async def test_what_cannot_be_an_activity_is_set_apart(
    case: Register, activity: str, code: str
) -> None:
    run = await case.checked(case.file(",,", activity=activity), **ALONE)
    assert await case.codes(run) == [[code]]


async def test_people_of_one_name_are_never_guessed(case: Register) -> None:
    numbers = await case.people("甲老师", "甲老师")
    run = await case.checked(case.file("甲老师,,", f"甲老师,{numbers[0][-6:]},"), **ALONE)
    codes = await case.codes(run)
    assert codes[0] == ["import_person_ambiguous"]
    assert codes[1] == []
    named_otherwise = await case.checked(case.file(f"乙老师,{numbers[0]},"), **ALONE)
    assert await case.codes(named_otherwise) == [["import_person_name_differs"]]


async def test_several_of_one_name_and_day_are_not_chosen_from(case: Register) -> None:
    [number] = await case.people("甲老师")
    begins = NOW - timedelta(days=20)
    for _ in range(2):
        await make_activity(
            case.db, case.city.school, case.city.school_admin, title="分数教学研讨", begins=begins
        )
    run = await case.checked(case.file(f"甲老师,{number},出席"), **ALONE)
    assert await case.codes(run) == [["import_activity_ambiguous"]]


async def test_a_part_costs_the_same_statements_however_many_attended(case: Register) -> None:
    costs: list[int] = []
    for count in (2, 20):
        names = [f"老师{count}{chr(0x4E00 + n)}" for n in range(count)]
        numbers = await case.people(*names)
        title = ACTIVITY.replace("分数教学研讨", f"研讨{count}")
        lines = (f"{name},{number}," for name, number in zip(names, numbers, strict=True))
        before = case.db.statements
        run: Row = await case.applied(case.file(*lines, activity=title), **ALONE)
        costs.append(case.db.statements - before)
        assert run["applied"] == count
    assert costs[0] == costs[1]
