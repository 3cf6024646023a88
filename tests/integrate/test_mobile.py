from datetime import timedelta

from app.database.pool import Pool
from app.domain.access.clients import ClientKind
from app.domain.access.roles import Permission, Role
from app.domain.paging import PageRequest
from app.domain.training.attendance import list_attendance
from app.domain.training.attendance.codes import code_at
from app.request import now
from app.sql import Connection, Row
from tests.integrate.conftest import play
from tests.make import City, make_activity, make_teacher
from tests.oauth import PASSWORD, make_client, make_person
from tests.streams import Serving

SCOPES = [
    Permission.ACTIVITY_READ,
    Permission.PARTICIPATE,
    Permission.ATTENDANCE_READ,
    Permission.CREDIT_READ,
    Permission.TEACHER_READ,
]


async def make_phone(
    db: Connection, at: Serving, city: City, *, others: int = 0
) -> tuple[Row, dict[str, str]]:
    """An activity, beside others, at which a teacher checks in; and what the phone's program is told."""
    present = now()
    client = await make_client(db, city.city, kind=ClientKind.PUBLIC, scopes=SCOPES)
    participant = await make_teacher(db, at.held.cipher, city.school, "测试己")
    teacher = await make_person(db, participant, Role.TEACHER)
    for number in range(others):
        begins = present + timedelta(days=number + 1)
        await make_activity(db, city.school, city.school_admin, begins=begins)
    activity = await make_activity(db, city.school, city.school_admin, begins=present)
    [session] = activity["sessions"]
    return activity, {
        "YANXUN_URL": f"http://{at.address}",
        "YANXUN_CLIENT": client["name"],
        "YANXUN_REDIRECT": client["redirect_uris"][0],
        "YANXUN_USER": teacher.name,
        "YANXUN_PASSWORD": PASSWORD,
        "YANXUN_SCANNED": code_at(session["secret"], session["id"], present),
        "YANXUN_SEEN_AT": present.isoformat(),
    }


async def test_a_teachers_afternoon(at: Serving, city: City, real_pool: Pool) -> None:
    async with real_pool.transaction() as db:
        activity, settings = await make_phone(db, at, city)
    key = {"activity_id": activity["id"]}
    said = await play("mobile.py", **settings)
    assert said[1:] == [
        "training: 测试研修活动 304",
        "checked in: present",
        "tasks: 0",
        "standing: 0.00",
    ]
    again = await play("mobile.py", **settings)
    assert again == said, "a code that is handed in twice is one record"
    async with real_pool.transaction() as db:
        records = await list_attendance(db, city.school_admin.actor, **key, page=PageRequest())
    assert [each["method"] for each in records.items] == ["offline"]
