"""Things for tests, made with as little as they need. All people are synthetic."""

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import httpx2

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor, Grant
from app.domain.access.grants import RoleGrant
from app.domain.access.refresh_tokens import issue_refresh_token, use_refresh_token
from app.domain.access.roles import SUBJECT, Role, SubjectKind
from app.domain.access.sign_in import actor_of_account, find_account
from app.domain.access.sign_ins import SignIn
from app.domain.base import civil_date
from app.domain.organisation.attachments import UnitAttachment
from app.domain.organisation.designations import Designation
from app.domain.organisation.responsibilities import Responsibility
from app.domain.organisation.units import Level, Stage, Unit
from app.domain.people.careers import Employment, Post, Rank, TeacherPost, TeacherRank
from app.domain.people.facts.fact import FactKind
from app.domain.people.identity import IdKind, PersonalDataCipher, check_digit, mask_id_number
from app.domain.people.teachers import Subject, Teacher
from app.domain.training.activities import (
    Activity,
    ActivityAudience,
    ActivityChannel,
    ActivityKind,
    ActivityMode,
    ActivitySession,
    ActivityState,
)
from app.domain.training.attendance import (
    Attendance,
    AttendanceMethod,
    AttendanceRole,
    AttendanceStatus,
)
from app.domain.training.groups import GroupDuty, GroupKind, GroupMember, ResearchGroup
from app.domain.training.notes import Note, NoteKind
from app.request.actors import claims_of
from app.security.tokens import Keyring
from app.sql import Connection, Row, new_id

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""The moment at which tests that name one happen: ten in the morning in China."""
TODAY = date(2026, 11, 20)

_numbers = count(1)


@dataclass
class Person:
    """An account in a test, and what its token says."""

    actor: Actor
    name: str
    headers: dict[str, str] = field(default_factory=dict)
    signed_at: float = 0.0
    """When the client signed the headers, by the monotonic clock; 0 where a test gave its own."""


@dataclass
class City:
    """A small city: two counties, two schools in the first, one in the second, a city-direct one.

    city ── county ── school, sibling
         ├─ other_county ── far_school
         ├─ zone (without a code, without schools)
         └─ direct_school
    """

    city: Row
    county: Row
    other_county: Row
    zone: Row
    school: Row
    sibling: Row
    far_school: Row
    direct_school: Row
    teacher: Row
    """A teacher of `school`; the account `teacher_account` is hers."""
    colleague: Row
    """Another teacher of `school`."""
    sibling_teacher: Row
    far_teacher: Row
    direct_teacher: Row
    city_admin: Person
    county_admin: Person
    other_county_admin: Person
    school_admin: Person
    sibling_admin: Person
    auditor: Person
    integration: Person
    teacher_account: Person
    colleague_account: Person
    sibling_teacher_account: Person


class Client:
    """Requests to the application as an account; `None` is nobody."""

    def __init__(self, http: httpx2.AsyncClient, keyring: Keyring) -> None:
        self.http = http
        self.keyring = keyring

    def headers(self, person: Person | None, language: str = "en") -> dict[str, str]:
        """The headers of a request by this person."""
        common = {"Accept-Language": language}
        if person is None:
            return common
        # A module of tests may take longer than a token lasts.
        if not person.headers or 0 < person.signed_at < time.monotonic() - 300:
            token = self.keyring.sign(claims_of(person.actor, security_version=1))
            person.headers = {"Authorization": f"Bearer {token}"}
            person.signed_at = time.monotonic()
        return common | person.headers

    async def get(self, person: Person | None, path: str, **more: Any) -> httpx2.Response:
        """GET a path below /api/v1 (or any path that begins with another slash: `//healthz`)."""
        return await self.request(person, "GET", path, **more)

    async def post(
        self, person: Person | None, path: str, json: Any = None, **more: Any
    ) -> httpx2.Response:
        """POST JSON to a path below /api/v1."""
        if json is not None:
            more["json"] = json
        return await self.request(person, "POST", path, **more)

    async def request(
        self, person: Person | None, method: str, path: str, **more: Any
    ) -> httpx2.Response:
        """Any request."""
        headers = self.headers(person) | more.pop("headers", {})
        url = path[1:] if path.startswith("//") else f"/api/v1{path}"
        return await self.http.request(method, url, headers=headers, **more)

    async def graphql(
        self, person: Person | None, query: str, variables: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Run a GraphQL document; the whole answer."""
        answer = await self.http.post(
            "/graphql",
            json={"query": query, "variables": variables or {}},
            headers=self.headers(person),
        )
        content: dict[str, Any] = answer.json()
        return content


async def make_unit(
    db: Connection, name: str, level: Level, parent: Row | None = None, **more: Any
) -> Row:
    """A unit below another."""
    unit_id = new_id()
    county_id = parent["id"] if parent and level is Level.SCHOOL else unit_id
    row = {
        "id": unit_id,
        "name": name,
        "level": level,
        "parent_id": parent["id"] if parent else None,
        "city_id": parent["city_id"] if parent else unit_id,
        "county_id": county_id,
        "school_id": unit_id if level is Level.SCHOOL else None,
        "stages": [Stage.PRIMARY] if level is Level.SCHOOL else [],
    } | more
    await db.insert(Unit, row)
    return row


def id_number(born: date = date(1988, 3, 7)) -> str:
    """A synthetic ID number with a right check digit; the region code 000000 does not exist."""
    body = f"100000{born:%Y%m%d}{next(_numbers) % 1000:03d}"
    return body + check_digit(body)


async def make_teacher(
    db: Connection,
    cipher: PersonalDataCipher,
    school: Row,
    name: str = "测试教师",
    *,
    rank: Rank = Rank.FIRST_GRADE,
    posts: tuple[Post, ...] = (Post.TEACHER,),
    born: date = date(1988, 3, 7),
    subject: Subject = Subject.CHINESE,
    stage: Stage = Stage.PRIMARY,
) -> Row:
    """A teacher of a school, with rank and posts since 2020."""
    teacher_id, number = new_id(), id_number(born)
    place = {each: school[each] for each in ("city_id", "county_id")}
    row = {
        "id": teacher_id,
        "name": name,
        "subject": subject,
        "stage": stage,
        **place,
        "school_id": school["id"],
        "birth_date": born,
        "id_kind": IdKind.RESIDENT_CARD,
        "id_number_sealed": cipher.seal(number, context=f"teacher|id_number|{teacher_id}"),
        "id_number_index": cipher.blind_index(f"{number}|{teacher_id}"),
        "id_number": mask_id_number(number),
    }
    await db.insert(Teacher, row)
    since = {"teacher_id": teacher_id, "valid_from": date(2020, 9, 1)}
    await db.insert(Employment, {"id": new_id(), **since, "school_id": school["id"]})
    await db.insert(TeacherRank, {"id": new_id(), **since, "rank": rank})
    held = [{"id": new_id(), **since, "school_id": school["id"], "post": post} for post in posts]
    await db.insert_all(TeacherPost, held)
    return row


async def make_fact(
    db: Connection,
    teacher: Row,
    kind: FactKind,
    valid_from: date = date(2020, 9, 1),
    valid_to: date | None = None,
    /,
    **values: Any,
) -> Row:
    """A fact of a teacher's career, as it is given."""
    days = {"valid_from": valid_from, "valid_to": valid_to}
    row = {"id": new_id(), "teacher_id": teacher["id"], **days, **values}
    await db.insert(kind.table, row)
    return row


async def make_account(db: Connection, name: str, role: Role, subject: Row, **more: Any) -> Person:
    """An account with one role over a placed row (a unit, a group, a teacher, a network …)."""
    kind = SUBJECT[role]
    account_id = new_id()
    teacher_id = subject["id"] if kind is SubjectKind.SELF else None
    place = {each: subject[each] for each in ("city_id", "county_id", "school_id")}
    account = {"id": account_id, "name": f"{name}-{next(_numbers)}", "display_name": name, **place}
    await db.insert(Account, account | {"kind": "person", "teacher_id": teacher_id} | more)
    granted = {"account_id": account_id, "role": role, "subject": kind, "subject_id": subject["id"]}
    await db.insert(RoleGrant, {"id": new_id(), **granted, "valid_from": date(2020, 1, 1)})
    schools, duties = (tuple(subject.get(name, ())) for name in ("schools", "duties"))
    grant = Grant(
        role=role, subject=kind, subject_id=subject["id"], **place, schools=schools, duties=duties
    )
    actor = Actor(account_id=account_id, grants=(grant,), teacher_id=teacher_id)
    return Person(actor=actor, name=account["name"])


async def make_city(db: Connection, cipher: PersonalDataCipher) -> City:
    """The small city of most tests."""
    city = await make_unit(db, "测试市", Level.CITY)
    county = await make_unit(db, "甲县", Level.COUNTY, city)
    other_county = await make_unit(db, "乙县", Level.COUNTY, city)
    zone = await make_unit(db, "测试功能区", Level.COUNTY, city)
    school = await make_unit(db, "甲县第一小学", Level.SCHOOL, county)
    sibling = await make_unit(db, "甲县第二小学", Level.SCHOOL, county)
    far_school = await make_unit(db, "乙县第一小学", Level.SCHOOL, other_county)
    direct_school = await make_unit(db, "市直第一中学", Level.SCHOOL, city)
    teacher = await make_teacher(db, cipher, school, "测试甲")
    colleague = await make_teacher(db, cipher, school, "测试乙")
    sibling_teacher = await make_teacher(db, cipher, sibling, "测试丙")
    return City(
        city=city,
        county=county,
        other_county=other_county,
        zone=zone,
        school=school,
        sibling=sibling,
        far_school=far_school,
        direct_school=direct_school,
        teacher=teacher,
        colleague=colleague,
        sibling_teacher=sibling_teacher,
        far_teacher=await make_teacher(db, cipher, far_school, "测试丁"),
        direct_teacher=await make_teacher(db, cipher, direct_school, "测试戊"),
        city_admin=await make_account(db, "city.admin", Role.CITY_ADMIN, city),
        county_admin=await make_account(db, "county.admin", Role.COUNTY_ADMIN, county),
        other_county_admin=await make_account(db, "other.admin", Role.COUNTY_ADMIN, other_county),
        school_admin=await make_account(db, "school.admin", Role.SCHOOL_ADMIN, school),
        sibling_admin=await make_account(db, "sibling.admin", Role.SCHOOL_ADMIN, sibling),
        auditor=await make_account(db, "auditor", Role.AUDITOR, city),
        integration=await make_account(db, "province", Role.INTEGRATION, city, kind="client"),
        teacher_account=await make_account(db, "teacher", Role.TEACHER, teacher),
        colleague_account=await make_account(db, "colleague", Role.TEACHER, colleague),
        sibling_teacher_account=await make_account(
            db, "sibling.teacher", Role.TEACHER, sibling_teacher
        ),
    )


async def make_sign_in(db: Connection, account_id: UUID, token_hash: bytes, **more: Any) -> UUID:
    """A sign-in of an account at `NOW`, with its first refresh token."""
    sign_in_id = new_id()
    row = {"id": sign_in_id, "account_id": account_id, "started_at": NOW, "last_used_at": NOW}
    await db.insert(SignIn, row | more)
    await issue_refresh_token(db, sign_in_id=sign_in_id, token_hash=token_hash, now=NOW)
    return sign_in_id


async def use_token(
    db: Connection, token_hash: bytes, *, client_id: UUID | None = None, now: datetime = NOW
) -> Row | None:
    """Use a refresh token at `NOW`."""
    return await use_refresh_token(
        db, token_hash=token_hash, client_id=client_id, address=None, now=now
    )


async def signed_in(db: Connection, person: Person) -> Actor:
    """The actor that an account is now, as its next token says."""
    account = await find_account(db, name=person.name)
    assert account is not None
    return await actor_of_account(db, account=account, now=NOW)


async def version_of(db: Connection, person: Person) -> int:
    """The security version of an account: with each higher one, the tokens before it end."""
    account = await find_account(db, name=person.name)
    assert account is not None
    return int(account["security_version"])


async def make_facts_of_school(db: Connection, school: Row, head: Row) -> None:
    """What is said of a school: two titles, an attachment to another, two who answer for something."""
    fact = {"unit_id": school["id"], "valid_from": date(2020, 1, 1)}
    for title in ("实验校", "基地校"):
        row = {"id": new_id(), "kind": "experimental", "level": "city", "title": title, **fact}
        await db.insert(Designation, row | {"issuer": "市教育局"})
    for duty in ("academic_office", "general_office"):
        row = {"id": new_id(), "duty": duty, "department": "教导处", **fact}
        await db.insert(Responsibility, row)
    row = {"id": new_id(), "head_id": head["id"], "kind": "campus", **fact}
    await db.insert(UnitAttachment, row)


async def make_group(db: Connection, unit: Row, *members: Row, name: str = "语文教研组") -> Row:
    """A research group of a school or a bureau, with these teachers since 2020."""
    place = {each: unit[each] for each in ("city_id", "county_id", "school_id")}
    row = {"id": new_id(), "name": name, "kind": GroupKind.TEACHING_RESEARCH, **place}
    await db.insert(ResearchGroup, row)
    since = {"group_id": row["id"], "duty": GroupDuty.MEMBER, "valid_from": date(2020, 9, 1)}
    rows = [{"id": new_id(), "teacher_id": teacher["id"], **since} for teacher in members]
    await db.insert_all(GroupMember, rows)
    return row | {"unit_id": place["school_id"] or place["county_id"]}


async def make_activity(
    db: Connection,
    organiser: Row,
    by: Person,
    *audience: Row,
    state: ActivityState = ActivityState.PUBLISHED,
    group: Row | None = None,
    sessions: int = 1,
    begins: datetime = NOW,
    **more: Any,
) -> Row:
    """An activity of a unit, or of its group, with sessions of two hours each on one day.

    It is meant for the units or groups in `audience`, otherwise for its organiser. The first
    session begins at `begins`. The answer holds the sessions too, as `sessions`.
    """
    left_draft = state is not ActivityState.DRAFT
    row = {
        "id": new_id(),
        "title": "测试研修活动",
        "kind": ActivityKind.SEMINAR,
        "mode": ActivityMode.CONCENTRATED,
        "channel": ActivityChannel.SCHOOL_BASED,
        "content": [],
        "hours": Decimal(2 * sessions),
        "requires_note": False,
        **dict.fromkeys(("starts_on", "ends_on"), civil_date(begins)),
        **{each: organiser[each] for each in ("city_id", "county_id", "school_id")},
        "organiser_group_id": group["id"] if group else None,
        "state": state,
        "published_at": begins if left_draft else None,
        "closed_at": begins if state is ActivityState.CLOSED else None,
        "created_by": by.actor.account_id,
    } | more
    await db.insert(Activity, row)
    targets = audience or (group or organiser,)
    rows = [{"activity_id": row["id"], "target_id": target["id"]} for target in targets]
    await db.insert_all(ActivityAudience, rows)
    return row | {"sessions": await make_sessions(db, row, sessions, begins)}


async def make_sessions(
    db: Connection, activity: Row, count: int, begins: datetime = NOW
) -> list[Row]:
    """Sessions of two hours each, one after the other; all have the same secret."""
    rows = [
        {
            "id": new_id(),
            "activity_id": activity["id"],
            "ordinal": ordinal,
            "starts_at": begins + timedelta(hours=2 * ordinal - 2),
            "ends_at": begins + timedelta(hours=2 * ordinal),
            "hours": Decimal(2),
            "secret": bytes(range(32)),
        }
        for ordinal in range(1, count + 1)
    ]
    await db.insert_all(ActivitySession, rows)
    return rows


async def make_attendance(
    db: Connection,
    session: Row,
    by: Person,
    *teachers: Row,
    status: AttendanceStatus = AttendanceStatus.PRESENT,
    role: AttendanceRole = AttendanceRole.PARTICIPANT,
) -> list[Row]:
    """Attendance of these teachers at a session, as its organiser records it when it ends."""
    rows = [
        {
            "id": new_id(),
            "session_id": session["id"],
            "activity_id": session["activity_id"],
            "teacher_id": teacher["id"],
            **{each: teacher[each] for each in ("city_id", "county_id", "school_id")},
            "status": status,
            "method": AttendanceMethod.ORGANISER,
            "role": role,
            "recorded_by": by.actor.account_id,
            "recorded_at": session.get("ends_at", NOW),
        }
        for teacher in teachers
    ]
    await db.insert_all(Attendance, rows)
    return rows


async def make_note(
    db: Connection, activity: Row, teacher: Row, kind: NoteKind = NoteKind.NOTE
) -> Row:
    """What a teacher wrote about an activity."""
    row = {
        "id": new_id(),
        "activity_id": activity["id"],
        "teacher_id": teacher["id"],
        **{each: teacher[each] for each in ("city_id", "county_id", "school_id")},
        "kind": kind,
        "text": "这是一篇用于测试的研修笔记，写下了二十个字以上的内容。",
        "submitted_at": NOW,
    }
    await db.insert(Note, row)
    return row
