"""A county built to the figures of a county's own report of 2016 (「校本研修工作汇报」): synthetic people.

What the report states is entered as stated; what it counts is put into the register, as far as the register
can hold it: 1,030 teachers can be trained, not 1,103 of them, and 1, 3 and 16 schools are 20, not 21.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from typing import Any

from app.domain.access.roles import Role
from app.domain.learning.equipment import Equipment, EquipmentKind
from app.domain.organisation.designations import Designation
from app.domain.organisation.location_classes import LocationClass
from app.domain.organisation.statistics import Measure, Precision
from app.domain.organisation.units import Level, Stage
from app.domain.people.careers import Employment
from app.domain.people.facts.engagement import TeacherEstablishment
from app.domain.people.facts.merits import TeacherHonour
from app.domain.people.identity import IdKind, PersonalDataCipher
from app.domain.people.teachers import Subject, Teacher
from app.domain.people.trainees import Trainee, TraineeCategory
from app.domain.training.activity_trainees.part import ActivityTrainee, TraineeAttendance
from app.domain.training.attendance import AttendanceStatus
from app.domain.training.vocabulary import ActivityKind, ActivityState
from app.sql import Connection, Row, new_id
from tests.make import Person, make_account, make_activity, make_attendance, make_unit
from tests.make_organisation import make_statistic

SINCE, UNTIL = date(2016, 1, 1), date(2016, 12, 31)
WRITTEN = datetime(2017, 1, 9, 2, tzinfo=UTC)
"""When the report is drafted: the year is over."""
STAGES = (
    *[("高级中学", Stage.SENIOR_SECONDARY)],
    *[(f"第{n}初级中学", Stage.JUNIOR_SECONDARY) for n in "一二三"],
    *[(f"第{n}小学", Stage.PRIMARY) for n in range(1, 17)],
)
TEACHERS, STUDENTS, LECTURES, AT_EACH, TECHNICAL = 1030, 9747, 34, 59, 690
HELD = ActivityState.HELD
_BY_SCHOOL = (12, 11, 10, 9, 9, 8, 8, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 1, 0)
"""What each school held itself: the report says 「個別學校開展次數較少」 and no number."""
_EVENTS = (
    ("首届小学校长论坛", ActivityKind.FORUM),
    ("“九成宫之春”全国课改名师报告会", ActivityKind.MEETING),
    ("“高效课堂”研培一体全县教师集中培训", ActivityKind.WORKSHOP),
    ("“高效课堂”教改实验及校本研修座谈会", ActivityKind.SEMINAR),
)
_ROOMS = (
    (EquipmentKind.NETWORK_ROOM, 16),
    (EquipmentKind.MEDIA_ROOM, 6),
    (EquipmentKind.PREPARATION_ROOM, 9),
)


async def make_reported_county(db: Connection, cipher: PersonalDataCipher) -> tuple[Row, Person]:
    """The county, and its administrator."""
    city = await make_unit(db, "测试市", Level.CITY)
    county = await make_unit(db, "某县", Level.COUNTY, city)
    by = await make_account(db, "county", Role.COUNTY_ADMIN, county)
    schools = [
        await make_unit(
            db, f"某县{name}", Level.SCHOOL, county, stages=[stage],
            location=LocationClass.RURAL if n > 9 else LocationClass.TOWN,
        )
        for n, (name, stage) in enumerate(STAGES)
    ]  # fmt: skip
    teachers = await _teachers(db, cipher, schools)
    await _stated(db, by, county, schools)
    await _equipped(db, by, county, schools)
    await _titled(db, schools, teachers)
    await _held(db, by, county, schools, teachers)
    return county, by


async def _teachers(db: Connection, cipher: PersonalDataCipher, schools: list[Row]) -> list[Row]:
    sealed = cipher.seal("000000", context="teacher|id_number|test")
    rows = []
    for n, school in enumerate(islice(cycle(schools), TEACHERS)):
        teacher_id = new_id()
        rows.append({
            "id": teacher_id, "name": f"教师{n + 1:04}", "subject": Subject.CHINESE,
            "stage": school["stages"][0], "city_id": school["city_id"],
            "county_id": school["county_id"], "school_id": school["id"],
            "birth_date": date(1980, 1, 1), "id_kind": IdKind.RESIDENT_CARD,
            "id_number_sealed": sealed, "id_number_index": cipher.blind_index(str(teacher_id)),
            "id_number": "************",
        })  # fmt: skip
    await db.insert_all(Teacher, rows)
    since = {"valid_from": date(2012, 9, 1), "recorded_at": datetime(2012, 9, 1, tzinfo=UTC)}
    held = [(row, {"id": new_id(), "teacher_id": row["id"], **since}) for row in rows]
    await db.insert_all(Employment, [fact | {"school_id": row["school_id"]} for row, fact in held])
    await db.insert_all(
        TeacherEstablishment,
        [fact | {"id": new_id(), "establishment": "established"} for _, fact in held],
    )
    return rows


async def _stated(db: Connection, by: Person, county: Row, schools: list[Row]) -> None:
    """What the report says of the county, of the school year in which its year begins."""
    at = {"school_year": 2015, "recorded_at": datetime(2016, 12, 20, tzinfo=UTC)}
    for measure, value, more in (
        (Measure.SCHOOLS, 21, {}),
        (Measure.SCHOOLS, 1, {"stage": Stage.SENIOR_SECONDARY}),
        (Measure.SCHOOLS, 3, {"stage": Stage.JUNIOR_SECONDARY}),
        (Measure.SCHOOLS, 16, {"stage": Stage.PRIMARY}),
        (Measure.STUDENTS, STUDENTS, {}),
        (Measure.ESTABLISHED_TEACHERS, TEACHERS, {}),
        (Measure.TRAINED_PERSONS, 1103, {}),
        (Measure.TRAINED_PERSON_TIMES, 2000, {"precision": Precision.AT_LEAST}),
        (Measure.TRAINING_SESSIONS, LECTURES, {}),
    ):
        given: dict[str, Any] = {**at, **more}
        await make_statistic(db, county, by, measure, value, **given)
    share, rest = divmod(STUDENTS, len(schools))
    for n, school in enumerate(schools):
        number = share + (rest if n == 0 else 0)
        await make_statistic(db, school, by, Measure.STUDENTS, number, **at)


async def _equipped(db: Connection, by: Person, county: Row, schools: list[Row]) -> None:
    def row(unit: Row, kind: EquipmentKind, number: int) -> Row:
        return {
            "id": new_id(), **{each: unit[each] for each in ("city_id", "county_id", "school_id")},
            "kind": kind, "number": number, "counted_on": date(2016, 11, 1),
            "recorded_by": by.actor.account_id, "recorded_at": WRITTEN,
        }  # fmt: skip

    rows = [row(county, kind, number) for kind, number in _ROOMS]
    rows += [row(school, EquipmentKind.BROADBAND, 1) for school in schools]
    await db.insert_all(Equipment, rows)


async def _titled(db: Connection, schools: list[Row], teachers: list[Row]) -> None:
    """Four schools of the city's experiment and eight of the county's; ten experts, three of them twice."""
    known = {"recorded_at": datetime(2015, 9, 1, tzinfo=UTC)}
    bearing = [(school, "city") for school in schools[:4]] + [
        (school, "county") for school in schools[4:12]
    ]
    await db.insert_all(Designation, [
        {"id": new_id(), "unit_id": school["id"], "kind": "experimental", "level": level,
         "title": "高效课堂实验校", "issuer": "教育局", "valid_from": date(2015, 9, 1), **known}
        for school, level in bearing
    ])  # fmt: skip
    named = [(teacher, "city") for teacher in teachers[:10]] + [
        (teacher, "provincial") for teacher in teachers[:3]
    ]
    await db.insert_all(TeacherHonour, [
        {"id": new_id(), "teacher_id": teacher["id"], "honour": "teaching_expert", "level": level,
         "issuer": "教育行政部门", "title": "", "valid_from": date(2016, 9, 10), **known}
        for teacher, level in named
    ])  # fmt: skip


async def _held(
    db: Connection, by: Person, county: Row, schools: list[Row], teachers: list[Row]
) -> None:
    first = datetime(2016, 3, 1, 1, tzinfo=UTC)
    everybody = cycle(teachers)
    for n in range(LECTURES):
        lecture = await make_activity(
            db, county, by, state=HELD, begins=first + timedelta(days=7 * n),
            title=f"校本研修专题报告（{n + 1}）", kind=ActivityKind.LECTURE,
        )  # fmt: skip
        await make_attendance(db, lecture["sessions"][0], by, *islice(everybody, AT_EACH))
    for n, (title, kind) in enumerate(_EVENTS):
        begins = first + timedelta(days=60 * n)
        await make_activity(db, county, by, state=HELD, begins=begins, title=title, kind=kind)
    for school, number in zip(schools, _BY_SCHOOL, strict=True):
        own = [teacher for teacher in teachers if teacher["school_id"] == school["id"]]
        for n in range(number):
            talk = await make_activity(
                db, school, by, state=HELD, begins=first + timedelta(days=20 * n),
                title="校内研讨", kind=ActivityKind.SEMINAR,
            )  # fmt: skip
            await make_attendance(db, talk["sessions"][0], by, *own[:5])
    await _technical(db, by, county, first)


async def _technical(db: Connection, by: Person, county: Row, first: datetime) -> None:
    """690 technical staff at one training of the county, counted apart from teachers."""
    training = await make_activity(
        db,
        county,
        by,
        state=HELD,
        begins=first,
        title="专业技术人员继续教育",
        kind=ActivityKind.WORKSHOP,
    )
    place = {each: county[each] for each in ("city_id", "county_id", "school_id")}
    people = [
        {"id": new_id(), **place, "name": f"技术人员{n + 1:03}", "employer": "某县机关",
         "category": TraineeCategory.TECHNICAL, "registered_at": first}
        for n in range(TECHNICAL)
    ]  # fmt: skip
    await db.insert_all(Trainee, people)
    entered = {
        "activity_id": training["id"],
        "entered_at": first,
        "entered_by": by.actor.account_id,
    }
    await db.insert_all(
        ActivityTrainee, [{"id": new_id(), "trainee_id": each["id"], **entered} for each in people]
    )
    there = {
        "activity_id": training["id"], "session_id": training["sessions"][0]["id"],
        "status": AttendanceStatus.PRESENT, "recorded_at": first, "recorded_by": by.actor.account_id,
    }  # fmt: skip
    await db.insert_all(TraineeAttendance, [{"trainee_id": each["id"], **there} for each in people])
