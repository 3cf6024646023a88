"""The national teacher system's roster (全国教师管理信息系统): compared field by field, and never entered.

Each row is one person as that system holds them. What we hold otherwise is shown beside it, and corrected by
nobody silently: whoever is wrong is put right by the people's file, the careers' file or by hand, here or
there. Whom a full roster lacks is counted and listed (`missing`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field, SecretStr
from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import TODAY, Command, holds_on
from app.domain.errors import Conflict, DomainError
from app.domain.exchange.imports.kind import Draft, Ground, ImportColumn, ImportKind, ImportSubject
from app.domain.exchange.imports.kinds.words import (
    EDUCATION_LEVELS,
    ID_KINDS,
    QUALIFICATIONS,
    RANKS,
    REGISTRATIONS,
    STAGES,
    SUBJECTS,
    YES_AND_NO,
)
from app.domain.exchange.imports.missing import count_missing
from app.domain.exchange.imports.persons import identify_person, people_known
from app.domain.exchange.imports.places import plain_value, the_unit, units_known, wanted_of
from app.domain.exchange.imports.reasons import ImportOnlyCompares
from app.domain.organisation.units import Stage, Unit
from app.domain.people.facts.engagement import Establishment, TeacherEstablishment
from app.domain.people.facts.merits import EducationLevel, StudyState, TeacherEducation
from app.domain.people.facts.qualifications import (
    QualificationKind,
    RegistrationConclusion,
    TeacherQualification,
    TeacherRegistration,
)
from app.domain.people.facts.ranks import Rank
from app.domain.people.identity import IdKind
from app.domain.people.teachers import PersonName, Subject
from app.sql import Connection, Row, Statement


class RosterLine(Command):
    """A row of the national system's roster: what it holds of one person."""

    name: PersonName
    id_kind: IdKind = IdKind.RESIDENT_CARD
    id_number: SecretStr
    birth_date: date | None = None
    school: str | None = Field(default=None, max_length=100)
    subject: Subject | None = None
    stage: Stage | None = None
    rank: Rank | None = None
    established: str | None = Field(default=None, pattern="^(yes|no)$")
    education: EducationLevel | None = None
    qualification: QualificationKind | None = None
    registration: RegistrationConclusion | None = None


_COLUMNS = (
    ImportColumn("name", "姓名", "Name", "张小燕", needed=True),
    ImportColumn("id_kind", "身份证件类型", "ID kind", "居民身份证", also=("证件类型",), words=ID_KINDS),
    ImportColumn(
        "id_number", "身份证件号", "ID number", needed=True, secret=True,
        also=("身份证件号码", "证件号码", "身份证号", "身份证号码"),
    ),
    ImportColumn("birth_date", "出生日期", "Date of birth", day=True, also=("出生年月日",)),
    ImportColumn("school", "学校名称", "School", also=("学校", "单位名称", "学校标识码", "所在学校")),
    ImportColumn("subject", "任教学科", "Subject", "语文", also=("现任教学科",), words=SUBJECTS),
    ImportColumn("stage", "任教学段", "Stage", "小学", also=("现任教学段",), words=STAGES),
    ImportColumn(
        "rank", "专业技术职务", "Rank", "一级教师",
        also=("聘任专业技术职务", "职称", "现聘专业技术职务"), words=RANKS,
    ),
    ImportColumn("established", "是否在编", "Established", "是", also=("编制",), words=YES_AND_NO),
    ImportColumn(
        "education", "最高学历", "Highest education", "大学本科",
        also=("获得学历", "学历"), words=EDUCATION_LEVELS,
    ),
    ImportColumn(
        "qualification", "教师资格证种类", "Certificate", "小学教师资格",
        also=("教师资格种类", "资格种类"), words=QUALIFICATIONS,
    ),
    ImportColumn(
        "registration", "定期注册结论", "Registration", "合格",
        also=("注册结论", "定期注册状态", "首次注册结论"), words=REGISTRATIONS,
    ),
)  # fmt: skip
_COMPARED = (
    "name", "school", "subject", "stage", "rank", "established", "education", "qualification",
    "registration",
)  # fmt: skip
_HIGHEST = list(EducationLevel)


# What can be refused.


class BirthDateDiffers(Conflict):
    """The dates of birth differ; which they are is not shown here."""

    code = "import_birth_date_differs"
    zh = "出生日期与系统登记的不一致。"
    en = "The date of birth is another than the one registered here."


# What may be asked.


def _facts(table: Any, *columns: str) -> Statement:
    """What of this kind the given people hold today."""
    return Statement(
        select(*(col(getattr(table, name)) for name in ("teacher_id", *columns)))
        .where(
            col(table.teacher_id) == any_(bindparam("ids", type_=ARRAY(Uuid))),
            holds_on(table, TODAY),
        )
        .order_by(col(table.valid_from), col(table.id))
    )


def _is_established(rows: Sequence[Row]) -> Any:
    return "yes" if rows[-1]["establishment"] == Establishment.ESTABLISHED else "no"


def _highest(rows: Sequence[Row]) -> Any:
    levels = [row["level"] for row in rows if row["study"] == StudyState.GRADUATED]
    return max(levels, key=_HIGHEST.index) if levels else None


def _kinds(rows: Sequence[Row]) -> Any:
    return [row["qualification"] for row in rows]


def _conclusion(rows: Sequence[Row]) -> Any:
    return rows[-1]["conclusion"]


_HELD: Mapping[str, tuple[Statement, Callable[[Sequence[Row]], Any]]] = {
    "established": (_facts(TeacherEstablishment, "establishment"), _is_established),
    "education": (_facts(TeacherEducation, "level", "study"), _highest),
    "qualification": (_facts(TeacherQualification, "qualification"), _kinds),
    "registration": (_facts(TeacherRegistration, "conclusion"), _conclusion),
}
_SCHOOLS = Statement(
    select(col(Unit.id), col(Unit.name)).where(
        col(Unit.id) == any_(bindparam("ids", type_=ARRAY(Uuid)))
    )
)


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    keys = [draft.key or "" for draft in drafts]
    people = await people_known(db, keys=keys, lock=lock, careers=True)
    words = {draft.said.school for draft in drafts if draft.said.school}
    known = await units_known(db, ground=ground, words=words, lock=False)
    ours = {key: row for key, row in people.items() if ground.covers(row)}
    held = await _held(db, list(ours.values()))
    for draft in drafts:
        said, person = draft.said, ours.get(draft.key or "")
        draft.wanted = wanted_of(said, _COMPARED)
        if said.school is not None:
            school = the_unit(known, said.school)
            # By its code or its name it is the same school.
            draft.wanted["school"] = (
                said.school if isinstance(school, DomainError) else school["name"]
            )
        if person is not None:
            draft.target_id, draft.unit = person["id"], {"id": person["school_id"]}
            draft.current = _beside(held[person["id"]], draft.wanted)
            if said.birth_date not in {None, person["birth_date"]}:
                draft.remark(BirthDateDiffers(), column=NATIONAL_ROSTER.column("birth_date").zh)


def _beside(held: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What we hold of what the row says; of several certificates the one that it names, if it is there."""
    current = {name: plain_value(held.get(name)) for name in wanted}
    if wanted.get("qualification") in (current.get("qualification") or ()):
        current["qualification"] = wanted["qualification"]
    return current


async def _held(db: Connection, people: Sequence[Row]) -> dict[UUID, dict[str, Any]]:
    """What we hold of these people today."""
    if not people:
        return {}
    school_ids = list({row["school_id"] for row in people})
    schools = {row["id"]: row["name"] for row in await db.all(_SCHOOLS, ids=school_ids)}
    held = {
        row["id"]: {"school": schools[row["school_id"]]}
        | {name: row[name] for name in ("name", "subject", "stage", "rank")}
        for row in people
    }
    for name, (statement, told) in _HELD.items():
        facts: dict[UUID, list[Row]] = {}
        for row in await db.all(statement, ids=list(held)):
            facts.setdefault(row["teacher_id"], []).append(row)
        for teacher_id, rows in facts.items():
            held[teacher_id][name] = told(rows)
    return held


def _identify(said: RosterLine, ground: Ground) -> tuple[str, str]:
    return identify_person(said.id_kind, said.id_number, said.name, ground)


async def _refuse(_: Connection, __: Actor, ___: Ground, ____: Sequence[Any]) -> None:
    raise ImportOnlyCompares


NATIONAL_ROSTER = ImportKind(
    subject=ImportSubject.NATIONAL_ROSTER,
    words="全国教师管理信息系统核对 / comparison with the national teacher system",
    permission=Permission.TEACHER_WRITE,
    columns=_COLUMNS,
    row=RosterLine,
    identified_by=("name", "id_number"),
    identify=_identify,
    find=_find,
    write=_refuse,
    restore=_refuse,
    part=1_000,
    absent=count_missing,
    only_compares=True,
)
