"""Groups with members (教研组及组员): a group, or a member of one, in each row.

A group is found by its name in its unit, a member by the ID number. A group that is not there is set up by
the first row that names it. Nobody leaves a group because a file does not name them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import Field, SecretStr
from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import TODAY, Command, holds_on
from app.domain.errors import DomainError
from app.domain.exchange.imports.kind import (
    Draft,
    Ground,
    ImportAction,
    ImportColumn,
    ImportKind,
    ImportSubject,
)
from app.domain.exchange.imports.kinds.words import (
    DUTIES,
    GROUP_KINDS,
    ID_KINDS,
    STAGES,
    SUBJECTS,
)
from app.domain.exchange.imports.persons import identify_person, people_known
from app.domain.exchange.imports.places import plain_value, the_unit, units_known, wanted_of
from app.domain.exchange.imports.reasons import ChangedSince, PersonUnknown
from app.domain.organisation.units import Stage
from app.domain.people.identity import IdKind
from app.domain.people.teachers import Subject
from app.domain.training.groups import (
    GroupChanges,
    GroupDuty,
    GroupKind,
    GroupMember,
    NewGroup,
    ResearchGroup,
    Taught,
    change_taught,
    create_groups,
    update_group,
)
from app.domain.training.members import NewDuty, NewMember, add_members, change_duty
from app.sql import Connection, Row, Statement


class GroupLine(Command):
    """A row of a file of groups."""

    unit: str | None = Field(default=None, max_length=100)
    group: str = Field(min_length=1, max_length=100)
    kind: GroupKind = GroupKind.TEACHING_RESEARCH
    stage: Stage | None = None
    subject: Subject | None = None
    name: str | None = Field(default=None, max_length=60)
    id_kind: IdKind = IdKind.RESIDENT_CARD
    id_number: SecretStr | None = None
    duty: GroupDuty = GroupDuty.MEMBER
    since: date | None = None


_COLUMNS = (
    ImportColumn("group", "教研组名称", "Group", "语文教研组", needed=True, also=("教研组", "组名")),
    ImportColumn("unit", "所属单位", "Unit", also=("学校", "学校名称", "单位")),
    ImportColumn("kind", "类型", "Kind", "教研组", words=GROUP_KINDS),
    ImportColumn("stage", "学段", "Stage", "小学", words=STAGES),
    ImportColumn("subject", "学科", "Subject", "语文", words=SUBJECTS),
    ImportColumn("name", "姓名", "Name", "张小燕"),
    ImportColumn("id_kind", "证件类型", "ID kind", "居民身份证", words=ID_KINDS),
    ImportColumn(
        "id_number", "证件号码", "ID number", secret=True,
        also=("身份证号", "身份证号码", "身份证件号", "证件号"),
    ),
    ImportColumn("duty", "职责", "Duty", "组长", words=DUTIES),
    ImportColumn("since", "加入日期", "Since", "2026-09-01", day=True),
)  # fmt: skip
_OF_GROUP = ("stage", "subject")
"""What of a group that is there follows the file."""


class _Work(NamedTuple):
    """What is written: into which group, if it is there, and whom."""

    group_id: UUID | None
    teacher_id: UUID | None


def _identify(said: GroupLine, ground: Ground) -> tuple[str, str]:
    person = label = ""
    if said.id_number is not None:
        person, label = identify_person(said.id_kind, said.id_number, said.name, ground)
    return f"{person}|{said.unit or ''}|{said.group}", f"{said.group} {label}".strip()


_GROUPS = Statement(
    select(
        *(
            col(getattr(ResearchGroup, name))
            for name in ("id", "unit_id", "name", "stage", "subject")
        )
    ).where(
        col(ResearchGroup.unit_id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
        col(ResearchGroup.name) == any_(bindparam("names", type_=ARRAY(Text))),
        col(ResearchGroup.closed_on).is_(None),
    )
)
_MEMBERS = Statement(
    select(*(col(getattr(GroupMember, name)) for name in ("id", "group_id", "teacher_id", "duty")))
    .where(
        col(GroupMember.group_id) == any_(bindparam("group_ids", type_=ARRAY(Uuid))),
        col(GroupMember.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        holds_on(GroupMember, TODAY),
    )
)  # fmt: skip
_MEMBER = Statement(
    select(
        *(
            col(getattr(GroupMember, name))
            for name in ("group_id", "teacher_id", "duty", "valid_from")
        )
    ).where(
        col(GroupMember.id) == bindparam("member_id", type_=Uuid),
        col(GroupMember.superseded_at).is_(None),
    )
)


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    keys = [(draft.key or "").partition("|")[0] for draft in drafts]
    people = await people_known(db, keys=keys, lock=lock)
    words = {draft.said.unit for draft in drafts if draft.said.unit}
    known = await units_known(db, ground=ground, words=words, lock=lock)
    for draft, key in zip(drafts, keys, strict=True):
        unit, person = the_unit(known, draft.said.unit), people.get(key)
        if isinstance(unit, DomainError):
            draft.refuse(unit, column=GROUPS.column("unit").zh)
        elif key and (person is None or not ground.covers(person)):
            draft.refuse(PersonUnknown(), column=GROUPS.column("id_number").zh)
        else:
            draft.unit, draft.work = unit, None if person is None else person["id"]
    ready = [draft for draft in drafts if draft.unit is not None]
    await _compare(db, ready)


async def _groups_of(db: Connection, drafts: Sequence[Draft]) -> dict[tuple[UUID, str], Row]:
    """The groups that the drafts name, as far as they are there, by unit and name."""
    if not drafts:
        return {}
    unit_ids = list({draft.unit["id"] for draft in drafts if draft.unit})
    names = list({draft.said.group for draft in drafts})
    rows = await db.all(_GROUPS, unit_ids=unit_ids, names=names)
    return {(row["unit_id"], row["name"]): row for row in rows}


async def _compare(db: Connection, drafts: Sequence[Draft]) -> None:
    """Find the groups and the memberships that the drafts are about."""
    groups = await _groups_of(db, drafts)
    teacher_ids = [draft.work for draft in drafts if draft.work is not None]
    members = {
        (row["group_id"], row["teacher_id"]): row
        for row in await db.all(
            _MEMBERS, group_ids=[row["id"] for row in groups.values()], teacher_ids=teacher_ids
        )
    }
    for draft in drafts:
        said, teacher_id = draft.said, draft.work
        group = groups.get((draft.unit["id"], said.group)) if draft.unit else None
        draft.work = _Work(None if group is None else group["id"], teacher_id)
        draft.wanted = wanted_of(said, _OF_GROUP if teacher_id is None else (*_OF_GROUP, "duty"))
        if group is None:
            continue
        kept = {name: plain_value(group[name]) for name in _OF_GROUP}
        if teacher_id is None:
            draft.target_id, draft.current = group["id"], kept
        elif (member := members.get((group["id"], teacher_id))) is not None:
            draft.target_id = member["id"]
            draft.current = kept | {"duty": plain_value(member["duty"])}


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    changes = [draft for draft in drafts if draft.action is ImportAction.CHANGE]
    if changes:
        await _change(db, actor, ground, changes)
    new = [draft for draft in drafts if draft.action is not ImportAction.CHANGE]
    groups = await _set_up(db, actor, new)
    joining = []
    for draft in new:
        draft.target_id = groups[draft.row_id]
        if draft.work.teacher_id is not None:
            joining.append(draft)
    entries = [
        (
            groups[draft.row_id],
            NewMember(
                teacher_id=draft.work.teacher_id, duty=draft.said.duty, valid_from=draft.said.since
            ),
        )
        for draft in joining
    ]
    keys = await add_members(db, actor, entries=entries, now=ground.now) if entries else []
    for draft, key in zip(joining, keys, strict=True):
        draft.target_id = key


async def _set_up(db: Connection, actor: Actor, drafts: Sequence[Draft]) -> dict[UUID, UUID]:
    """The group that each row names; the first row to name one that is not there says that it set it up."""
    # Another half of a part that was refused as a whole may have set them up by now.
    there = await _groups_of(db, [draft for draft in drafts if draft.work.group_id is None])
    known: dict[tuple[Any, str], UUID] = {where: row["id"] for where, row in there.items()}
    first: dict[tuple[Any, str], Draft] = {}
    for draft in drafts:
        where = _where(draft)
        if draft.work.group_id is None and where not in known:
            first.setdefault(where, draft)
    news = [
        NewGroup(
            unit_id=where[0], name=where[1], kind=said.kind, stage=said.stage, subject=said.subject
        )
        for where, said in ((where, draft.said) for where, draft in first.items())
    ]
    keys = await create_groups(db, actor, news=news) if news else []
    for (where, draft), key in zip(first.items(), keys, strict=True):
        known[where] = key
        draft.after["new_group"] = str(key)
    return {draft.row_id: draft.work.group_id or known[_where(draft)] for draft in drafts}


def _where(draft: Draft) -> tuple[Any, str]:
    """By what a group is found: its unit and its name."""
    return (draft.unit or {}).get("id"), draft.said.group


async def _change(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    """Give groups another stage or subject, and members another duty.

    Who becomes the head takes over from whoever is by then: duties are changed one after the other.
    """
    taught = {
        draft.work.group_id: Taught(**{name: present[name] for name in _OF_GROUP})
        for draft, present in ((each, (each.current or {}) | each.after) for each in drafts)
        if draft.after.keys() & set(_OF_GROUP)
    }
    if taught:
        await change_taught(db, actor, taught=taught)
    for draft in drafts:
        if "duty" in draft.after:
            new = NewDuty(duty=draft.said.duty, valid_from=draft.said.since)
            changed = await change_duty(
                db, actor, group_id=draft.work.group_id, teacher_id=draft.work.teacher_id, new=new,
                now=ground.now,
            )  # fmt: skip
            draft.target_id = changed["id"]


async def _restore(db: Connection, actor: Actor, ground: Ground, rows: Sequence[Row]) -> None:
    for row in rows:
        member = await db.one(_MEMBER, member_id=row["target_id"])
        group_id = row["target_id"] if member is None else member["group_id"]
        of_group = {name: value for name, value in row["before"].items() if name in _OF_GROUP}
        if "duty" in row["before"]:
            if member is None or plain_value(member["duty"]) != row["after"]["duty"]:
                raise ChangedSince
            new = NewDuty(duty=GroupDuty(row["before"]["duty"]))
            await change_duty(
                db, actor, group_id=group_id, teacher_id=member["teacher_id"], new=new,
                now=ground.now,
            )  # fmt: skip
        if of_group:
            changes = GroupChanges.model_validate(of_group)
            await update_group(db, actor, group_id=group_id, changes=changes)


GROUPS = ImportKind(
    subject=ImportSubject.GROUPS,
    words="教研组及组员 / groups and their members",
    permission=Permission.GROUP_WRITE,
    columns=_COLUMNS,
    row=GroupLine,
    identified_by=("group",),
    identify=_identify,
    find=_find,
    write=_write,
    restore=_restore,
    part=200,
)
