"""People (人员): teachers with their personnel relation, found by their ID number.

Who is not registered is entered with the first facts of the career. Of who is registered in the place of
the import, name, subject and stage are brought up to date; nobody is transferred by a file. That somebody
is registered elsewhere is said only when the row is to be entered, which the person is told of: a look at
a file tells nothing of other places.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field, SecretStr
from sqlalchemy import ARRAY, String, Uuid, any_, bindparam, func, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import DomainError
from app.domain.exchange.imports.kind import (
    Draft,
    Ground,
    ImportAction,
    ImportColumn,
    ImportKind,
    ImportSubject,
)
from app.domain.exchange.imports.kinds.registered import stamp_of_person
from app.domain.exchange.imports.kinds.words import (
    ESTABLISHMENTS,
    ID_KINDS,
    POSTS,
    RANKS,
    STAGES,
    SUBJECTS,
)
from app.domain.exchange.imports.missing import count_missing
from app.domain.exchange.imports.persons import identify_person, people_known
from app.domain.exchange.imports.places import (
    Known,
    plain_value,
    the_unit,
    units_known,
    wanted_of,
)
from app.domain.exchange.imports.reasons import (
    CareerApart,
    ChangedSince,
    ColumnNeeded,
    PersonElsewhere,
)
from app.domain.organisation.units import Level, Stage
from app.domain.people.facts.engagement import Establishment
from app.domain.people.facts.posts import Post
from app.domain.people.facts.ranks import Rank
from app.domain.people.identity import IdKind
from app.domain.people.personal_data import LookKind, PersonalDatum, record_looks
from app.domain.people.pinyin import name_terms
from app.domain.people.teachers import (
    BirthDateImpossible,
    NewTeacher,
    NotASchool,
    PersonName,
    Subject,
    Teacher,
    TeacherExists,
)
from app.domain.people.teachers.entering import (
    Entry,
    check_entry,
    enter_teachers,
    entry_of,
)
from app.sql import Connection, Row, Statement


class PersonLine(Command):
    """A row of a file of people."""

    name: PersonName | None = None
    id_kind: IdKind = IdKind.RESIDENT_CARD
    id_number: SecretStr
    birth_date: date | None = None
    school: str | None = Field(default=None, max_length=100)
    subject: Subject | None = None
    stage: Stage | None = None
    rank: Rank | None = None
    posts: list[Post] | None = Field(default=None, max_length=12)
    establishment: Establishment | None = None
    since: date | None = None


_COLUMNS = (
    ImportColumn("name", "姓名", "Name", "张小燕", needed=True),
    ImportColumn("id_kind", "证件类型", "ID kind", "居民身份证", words=ID_KINDS),
    ImportColumn(
        "id_number", "证件号码", "ID number", needed=True, secret=True,
        also=("身份证号", "身份证号码", "身份证件号", "证件号"),
    ),
    ImportColumn("birth_date", "出生日期", "Date of birth", day=True, also=("出生年月日",)),
    ImportColumn("school", "学校", "School", also=("学校名称", "学校标识码", "所在学校", "单位")),
    ImportColumn(
        "subject", "任教学科", "Subject", "语文", needed=True, also=("学科",), words=SUBJECTS
    ),
    ImportColumn("stage", "任教学段", "Stage", "小学", needed=True, also=("学段",), words=STAGES),
    ImportColumn("rank", "职称", "Rank", "一级教师", words=RANKS),
    ImportColumn("posts", "岗位", "Posts", "任课教师、班主任", words=POSTS, many=True),
    ImportColumn("establishment", "编制", "Establishment", "在编", words=ESTABLISHMENTS),
    ImportColumn("since", "起始日期", "Since", "2020-09-01", day=True, also=("起始日", "入职日期")),
)  # fmt: skip
_FIELDS = ("name", "subject", "stage")
"""What of somebody who is registered follows the file."""
_NEEDED = ("name", "subject", "stage")


def _identify(said: PersonLine, ground: Ground) -> tuple[str, str]:
    return identify_person(said.id_kind, said.id_number, said.name, ground)


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    keys = [draft.key or "" for draft in drafts]
    registered = await people_known(db, keys=keys, lock=lock, careers=True)
    words = {draft.said.school for draft in drafts if draft.said.school}
    known = await units_known(db, ground=ground, words=words, lock=lock)
    for draft in drafts:
        row = registered.get(draft.key or "")
        if row is not None and ground.covers(row):
            _is_there(draft, row, known)
        else:
            # Whether somebody is registered elsewhere is told to nobody who only looks.
            _is_new(draft, ground, known)


def _is_new(draft: Draft, ground: Ground, known: Known) -> None:
    """Whoever is entered: at which school, and with what."""
    said = draft.said
    for name in _NEEDED:
        if getattr(said, name) is None:
            header = PEOPLE.column(name).zh
            draft.refuse(ColumnNeeded(column=header), column=header)
    header = PEOPLE.column("school").zh
    school = the_unit(known, said.school)
    if isinstance(school, DomainError):
        draft.refuse(school, column=header)
    elif school["level"] != Level.SCHOOL:
        refusal = ColumnNeeded(column=header) if said.school is None else NotASchool()
        draft.refuse(refusal, column=header)
    if draft.refused or isinstance(school, DomainError):
        return
    draft.unit = school
    given = said.model_dump(exclude_none=True, exclude={"school"})
    new = NewTeacher.model_validate(given | {"school_id": school["id"]})
    try:
        check_entry(new, today=civil_date(ground.now))
    except DomainError as refusal:
        draft.refuse(refusal)
        return
    draft.work = new
    draft.wanted = {name: plain_value(getattr(said, name)) for name in _FIELDS}


def _is_there(draft: Draft, row: Row, known: Known) -> None:
    """Whoever is registered already: what of it is another than in the file."""
    said, draft.target_id = draft.said, row["id"]
    draft.unit = {"id": row["school_id"]}
    if said.school is not None:
        header, school = PEOPLE.column("school").zh, the_unit(known, said.school)
        if isinstance(school, DomainError):
            draft.refuse(school, column=header)
        elif school["id"] != row["school_id"]:
            draft.refuse(PersonElsewhere(), column=header)
    if said.birth_date not in {None, row["birth_date"]}:
        draft.refuse(BirthDateImpossible(), column=PEOPLE.column("birth_date").zh)
    for name in ("rank", "posts"):
        value = getattr(said, name)
        if value is not None and plain_value(value) != plain_value(row[name]):
            header = PEOPLE.column(name).zh
            draft.remark(CareerApart(column=header), column=header)
    draft.work = row
    draft.current = {name: plain_value(row[name]) for name in _FIELDS}
    draft.wanted = wanted_of(said, _FIELDS)


_columns: Any = Teacher.__table__.c  # type: ignore[attr-defined]


def _bring_up_to_date() -> Statement:
    arrays = [bindparam("id", type_=ARRAY(Uuid, dimensions=1))]
    arrays += [bindparam(name, type_=ARRAY(_columns[name].type, dimensions=1)) for name in _FIELDS]
    terms = bindparam("name_terms", type_=ARRAY(String, dimensions=1))
    rows = func.unnest(*arrays, terms).table_valued("id", *_FIELDS, "name_terms").render_derived()
    return Statement(
        update(Teacher)
        .where(_columns.id == rows.c.id)
        .values(
            {name: rows.c[name] for name in _FIELDS}
            | {"name_terms": func.string_to_array(rows.c.name_terms, " ")}
        )
    )


_BRING_UP_TO_DATE = _bring_up_to_date()


async def _set_fields(db: Connection, rows: Sequence[Row]) -> None:
    """Let these teachers have these names, subjects and stages."""
    if rows:
        columns: dict[str, list[Any]] = {
            name: [row[name] for row in rows] for name in ("id", *_FIELDS)
        }
        columns["name_terms"] = [" ".join(name_terms(row["name"])) for row in rows]
        await db.run(_BRING_UP_TO_DATE, **columns)


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    today, new = civil_date(ground.now), dict[UUID, Draft]()
    entries: list[Entry] = []
    changed: list[Row] = []
    for draft in drafts:
        if draft.action is ImportAction.CREATE:
            entry = entry_of(draft.work, school=draft.unit or {}, cipher=ground.cipher, today=today)
            new[entry.row["id"]] = draft
            entries.append(entry)
        else:
            kept = {name: draft.work[name] for name in ("id", *_FIELDS)}
            changed.append(kept | draft.after)
    for entry in await enter_teachers(db, entries=entries, now=ground.now):
        new.pop(entry.row["id"]).target_id = entry.row["id"]
    await _refuse_elsewhere(db, actor, ground, list(new.values()))
    await _set_fields(db, changed)


_WHY = "导入人员名册时，该证件号码已在他处登记"


async def _refuse_elsewhere(
    db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]
) -> None:
    """Refuse whoever is registered elsewhere, or was meanwhile; they are told who came upon them."""
    for draft in drafts:
        draft.refuse(TeacherExists())
    found = await people_known(db, keys=[draft.key or "" for draft in drafts], lock=False)
    await record_looks(
        db,
        actor,
        teacher_ids=[row["id"] for row in found.values()],
        kind=LookKind.FOUND,
        data=[PersonalDatum.ID_NUMBER],
        reason=_WHY,
        now=ground.now,
    )


_PRESENT = Statement(
    select(*(col(getattr(Teacher, name)) for name in ("id", *PLACE, *_FIELDS)))
    .where(col(Teacher.id) == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(col(Teacher.id))
    .with_for_update()
)


async def _hold(db: Connection, _: Ground, ids: Sequence[UUID]) -> None:
    await db.all(_PRESENT, ids=ids)


async def _restore(db: Connection, _: Actor, ground: Ground, rows: Sequence[Row]) -> None:
    """Give back what was changed; refused where one of them is no longer as it was written, or there."""
    ids = [row["target_id"] for row in rows]
    present = {row["id"]: row for row in await db.all(_PRESENT, ids=ids)}
    restored = []
    for row in rows:
        there = present.get(row["target_id"])
        if there is None or not ground.covers(there):
            raise ChangedSince
        if any(plain_value(there[name]) != value for name, value in row["after"].items()):
            raise ChangedSince
        restored.append({name: there[name] for name in ("id", *_FIELDS)} | row["before"])
    await _set_fields(db, restored)


PEOPLE = ImportKind(
    subject=ImportSubject.PEOPLE,
    words="人员 / people",
    permission=Permission.TEACHER_WRITE,
    columns=_COLUMNS,
    row=PersonLine,
    identified_by=("id_number",),
    identify=_identify,
    find=_find,
    write=_write,
    restore=_restore,
    hold=_hold,
    stamp=stamp_of_person,
    part=2_000,
    absent=count_missing,
)
