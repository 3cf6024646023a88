"""Careers (任职): ranks, posts, education and qualifications of those registered, a fact in each row.

A fact is found by the person, by what it is of and by its first day: then the row corrects it. What is not
found is recorded, and ends what it follows: those that only add to a career all at once, and the others one
by one, as anybody writes one.
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from pydantic import Field, SecretStr
from sqlalchemy import ARRAY, Uuid, bindparam, func, literal, select, true

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import DomainError
from app.domain.exchange.imports.kind import (
    Draft,
    Ground,
    ImportColumn,
    ImportKind,
    ImportSubject,
)
from app.domain.exchange.imports.kinds.registered import stamp_of_fact
from app.domain.exchange.imports.kinds.words import (
    EDUCATION_LEVELS,
    FACTS,
    ID_KINDS,
    POSTS,
    QUALIFICATIONS,
    RANKS,
    REGISTRATIONS,
    STUDIES,
)
from app.domain.exchange.imports.persons import identify_person, people_known
from app.domain.exchange.imports.places import plain_value, the_unit, units_known, wanted_of
from app.domain.exchange.imports.reasons import ChangedSince, PersonUnknown
from app.domain.people.careers import FactWithdrawal, record_fact, record_facts, withdraw_fact
from app.domain.people.facts.fact import FactKind, FactName, NewFact
from app.domain.people.facts.kinds import KINDS
from app.domain.people.facts.merits import EducationLevel, StudyState
from app.domain.people.facts.posts import Post
from app.domain.people.facts.qualifications import QualificationKind, RegistrationConclusion
from app.domain.people.facts.ranks import Rank
from app.domain.people.identity import IdKind
from app.sql import Connection, Row, Statement


class CareerLine(Command):
    """A row of a file of careers."""

    id_kind: IdKind = IdKind.RESIDENT_CARD
    id_number: SecretStr
    name: str | None = Field(default=None, max_length=60)
    fact: FactName
    rank: Rank | None = None
    post: Post | None = None
    school: str | None = Field(default=None, max_length=100)
    department: str | None = Field(default=None, max_length=60)
    level: EducationLevel | None = None
    study: StudyState | None = None
    institution: str | None = Field(default=None, max_length=100)
    major: str | None = Field(default=None, max_length=100)
    qualification: QualificationKind | None = None
    subject: str | None = Field(default=None, max_length=40)
    conclusion: RegistrationConclusion | None = None
    issuer: str | None = Field(default=None, max_length=100)
    valid_from: date
    valid_to: date | None = None

    @cached_property
    def new(self) -> NewFact:
        """The command by which such a fact is recorded; raises `ValidationError` where it says too little."""
        return _fact_of(self)


_COLUMNS = (
    ImportColumn("name", "姓名", "Name", "张小燕"),
    ImportColumn("id_kind", "证件类型", "ID kind", "居民身份证", words=ID_KINDS),
    ImportColumn(
        "id_number", "证件号码", "ID number", needed=True, secret=True,
        also=("身份证号", "身份证号码", "身份证件号", "证件号"),
    ),
    ImportColumn("fact", "类别", "Kind", "职称", needed=True, words=FACTS),
    ImportColumn("rank", "职称", "Rank", "一级教师", words=RANKS),
    ImportColumn("post", "岗位", "Post", "班主任", words=POSTS),
    ImportColumn("school", "任职学校", "School", also=("学校",)),
    ImportColumn("department", "所在部门", "Department", "教务处"),
    ImportColumn("level", "学历层次", "Level", "大学本科", words=EDUCATION_LEVELS),
    ImportColumn("study", "修业情况", "Study", "毕业", words=STUDIES),
    ImportColumn("institution", "院校", "Institution", "某某师范大学", also=("毕业院校",)),
    ImportColumn("major", "专业", "Major", "汉语言文学", also=("所学专业",)),
    ImportColumn("qualification", "资格种类", "Certificate", "小学教师资格", words=QUALIFICATIONS),
    ImportColumn("subject", "资格任教学科", "Subject on it", "语文"),
    ImportColumn("conclusion", "注册结论", "Registration", "合格", words=REGISTRATIONS),
    ImportColumn("issuer", "认定或注册机构", "Issuer", "某某县教育局", also=("认定机构", "注册机构")),
    ImportColumn("valid_from", "起始日期", "From", "2020-09-01", needed=True, day=True, also=("起始日",)),
    ImportColumn("valid_to", "终止日期", "Until", day=True, also=("终止日",)),
)  # fmt: skip
_SAYS: dict[FactName, tuple[str, ...]] = {
    FactName.RANK: ("rank",),
    FactName.POST: ("post", "department"),
    FactName.EDUCATION: ("level", "study", "institution", "major"),
    FactName.QUALIFICATION: ("qualification", "subject", "issuer"),
    FactName.REGISTRATION: ("conclusion", "issuer"),
}
"""What a fact of each kind says, beside its days."""
_CORRECTED, _TAKEN_BACK = "导入更正", "导入撤回"


def _fact_of(said: CareerLine, **more: Any) -> NewFact:
    """The command by which such a fact is recorded; raises `ValidationError` where it says too little."""
    names = _SAYS.get(said.fact, ())
    values = {name: value for name in names if (value := getattr(said, name)) is not None}
    times = {"valid_from": said.valid_from, "valid_to": said.valid_to}
    return KINDS[said.fact].new.model_validate(values | times | more)


def _identify(said: CareerLine, ground: Ground) -> tuple[str, str]:
    person, label = identify_person(said.id_kind, said.id_number, said.name, ground)
    new = said.new
    slot = [
        str((said.school if name == "school_id" else getattr(new, name)) or "")
        for name in KINDS[said.fact].slot
    ]
    return "|".join([person, said.fact, *slot, said.valid_from.isoformat()])[:300], label


@lru_cache(maxsize=8)
def _believed(kind: FactKind) -> Statement:
    given = func.unnest(bindparam("teacher_ids", type_=ARRAY(Uuid)))
    teachers = given.table_valued("id").render_derived("teachers")
    # Of each teacher by the index: joined otherwise, a table without statistics would be gone through.
    facts = (
        select(*kind.columns)
        .where(kind.columns.teacher_id == teachers.c.id, kind.columns.superseded_at.is_(None))
        .order_by(kind.columns.id)
        .offset(literal(0))
        .lateral("facts")
    )
    return Statement(select(*facts.c).select_from(teachers.join(facts, true())))


@lru_cache(maxsize=8)
def _by_key(kind: FactKind) -> Statement:
    return Statement(
        select(*kind.columns).where(
            kind.columns.id == bindparam("fact_id", type_=Uuid),
            kind.columns.superseded_at.is_(None),
        )
    )


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    keys = [(draft.key or "").partition("|")[0] for draft in drafts]
    people = await people_known(db, keys=keys, lock=lock)
    words = {draft.said.school for draft in drafts if draft.said.school}
    known = await units_known(db, ground=ground, words=words, lock=lock)
    for draft, key in zip(drafts, keys, strict=True):
        person = people.get(key)
        if person is None or not ground.covers(person):
            draft.refuse(PersonUnknown(), column=CAREERS.column("id_number").zh)
            continue
        school: Row = {"id": person["school_id"]}
        if draft.said.school is not None:
            named = the_unit(known, draft.said.school)
            if isinstance(named, DomainError):
                draft.refuse(named, column=CAREERS.column("school").zh)
                continue
            school = named
        draft.unit, draft.work = school, person
    ready = [draft for draft in drafts if draft.work is not None]
    for name in {draft.said.fact for draft in ready}:
        await _compare_facts(db, KINDS[name], [d for d in ready if d.said.fact is name])


async def _compare_facts(db: Connection, kind: FactKind, drafts: Sequence[Draft]) -> None:
    teacher_ids = list({draft.work["id"] for draft in drafts})
    says = (*_SAYS.get(kind.name, ()), "valid_to")
    there: dict[tuple[Any, ...], Row] = {}
    for fact in await db.all(_believed(kind), teacher_ids=teacher_ids):
        slot = tuple(plain_value(fact[name]) for name in kind.slot)
        there[fact["teacher_id"], slot, fact["valid_from"]] = fact
    at_school = kind.at_school
    for draft in drafts:
        said, new = draft.said, draft.said.new
        at = {"school_id": draft.unit["id"]} if at_school and draft.unit else {}
        slot = tuple(plain_value(at.get(name, getattr(new, name))) for name in kind.slot)
        draft.wanted = wanted_of(new, says)
        held = there.get((draft.work["id"], slot, said.valid_from))
        if held is not None:
            draft.target_id = held["id"]
            draft.current = {name: plain_value(held[name]) for name in says}


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    added, others = _parted(drafts)
    for kind, some in added:
        news = [(draft.work["id"], draft.said.new) for draft in some]
        keys = await record_facts(db, actor, kind=kind, news=news, now=ground.now)
        for draft, fact_id in zip(some, keys, strict=True):
            draft.target_id = fact_id
    for draft in others:
        kind = KINDS[draft.said.fact]
        more: dict[str, Any] = {}
        if kind.at_school and draft.unit is not None:
            more["school_id"] = draft.unit["id"]
        if draft.target_id is not None:
            # What the row leaves out stays as it was.
            kept = {name: value for name, value in (draft.current or {}).items() if value}
            more |= kept | draft.after | {"corrects": draft.target_id, "reason": _CORRECTED}
        new = _fact_of(draft.said, **more)
        row = await record_fact(
            db, actor, kind=kind, teacher_id=draft.work["id"], new=new, now=ground.now
        )
        draft.target_id = row["id"]


def _parted(
    drafts: Sequence[Draft],
) -> tuple[list[tuple[FactKind, list[Draft]]], list[Draft]]:
    """What is recorded at once, by kind, and what one by one, in the order of the file.

    Whoever has a fact in a part that is corrected, lies at another school or follows another of the part
    has all of them written one by one: there the order matters.
    """
    apart: set[UUID] = set()
    followed: set[tuple[Any, ...]] = set()
    for draft in drafts:
        kind, new, teacher_id = KINDS[draft.said.fact], draft.said.new, draft.work["id"]
        elsewhere = kind.at_school and (draft.unit or {})["id"] != draft.work["school_id"]
        if draft.target_id is not None or elsewhere or kind.name not in _SAYS:
            apart.add(teacher_id)
        elif kind.succeeds and new.valid_to is None:
            slot = (teacher_id, kind.name, *(getattr(new, name) for name in kind.slot))
            if slot in followed:
                apart.add(teacher_id)
            followed.add(slot)
    added: dict[FactName, list[Draft]] = {}
    for draft in drafts:
        if draft.work["id"] not in apart:
            added.setdefault(draft.said.fact, []).append(draft)
    others = [draft for draft in drafts if draft.work["id"] in apart]
    return [(KINDS[name], some) for name, some in added.items()], others


async def _fact(db: Connection, row: Row) -> tuple[FactKind, Row]:
    """The fact that a row has written, if it is believed still."""
    kind = KINDS[FactName(row["key"].split("|")[1])]
    fact = await db.one(_by_key(kind), fact_id=row["target_id"])
    if fact is None:
        raise ChangedSince
    return kind, fact


async def _remove(db: Connection, actor: Actor, ground: Ground, rows: Sequence[Row]) -> None:
    withdrawal = FactWithdrawal(reason=_TAKEN_BACK)
    for row in rows:
        _, fact = await _fact(db, row)
        await withdraw_fact(
            db, actor, teacher_id=fact["teacher_id"], fact_id=fact["id"], withdrawal=withdrawal,
            now=ground.now,
        )  # fmt: skip


async def _restore(db: Connection, actor: Actor, ground: Ground, rows: Sequence[Row]) -> None:
    for row in rows:
        kind, fact = await _fact(db, row)
        teacher_id: UUID = fact["teacher_id"]
        said = {name: fact[name] for name in kind.new.model_fields if name in fact}
        said |= row["before"] | {"corrects": fact["id"], "reason": _TAKEN_BACK}
        await record_fact(
            db, actor, kind=kind, teacher_id=teacher_id, new=kind.new.model_validate(said),
            now=ground.now,
        )  # fmt: skip


CAREERS = ImportKind(
    subject=ImportSubject.CAREERS,
    words="任职 / careers",
    permission=Permission.TEACHER_WRITE,
    columns=_COLUMNS,
    row=CareerLine,
    identified_by=("id_number", "fact", "valid_from"),
    identify=_identify,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
    stamp=stamp_of_fact(_SAYS),
    part=2_000,
)
