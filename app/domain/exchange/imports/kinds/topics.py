"""Topics (课题): a topic in each row, begun as a draft for the unit that carries it, with who leads it.

A topic is found by its title in its unit. What is being written follows the file; what was handed in stands,
and a row that says otherwise is refused. Who leads a topic is changed by its members, and by no file.
"""

from collections.abc import Sequence
from datetime import date

from pydantic import Field
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.errors import Conflict, DomainError
from app.domain.exchange.imports.comparing import apart
from app.domain.exchange.imports.kind import (
    Draft,
    Ground,
    ImportAction,
    ImportColumn,
    ImportKind,
    ImportSubject,
)
from app.domain.exchange.imports.kinds.person_columns import PERSON_COLUMNS
from app.domain.exchange.imports.kinds.titled import (
    TitledLine,
    Titles,
    find_titled,
    need,
    title_of,
)
from app.domain.exchange.imports.kinds.withdrawn import take_back
from app.domain.exchange.imports.kinds.words import STAGES, SUBJECTS, TOPIC_LEVELS
from app.domain.exchange.imports.named_persons import (
    Asked,
    NamedLine,
    identify_named,
    key_about,
    people_meant,
)
from app.domain.exchange.imports.places import hold_places
from app.domain.exchange.imports.reasons import ColumnNeeded
from app.domain.learning.topics import NewTopic, Topic, TopicChanges, create_topic, update_topic
from app.domain.learning.topics.vocabulary import EDITABLE, TopicLevel, TopicState
from app.domain.learning.topics.writing import (
    TopicLevelOfBureau,
    TopicOutOfOrder,
    TopicStateWrong,
)
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject
from app.sql import Connection, Row


class TopicLine(TitledLine, NamedLine):
    """A row of a file of topics; the person is who leads it."""

    title: str = Field(min_length=2, max_length=200)
    unit: str | None = Field(default=None, max_length=100)
    level: TopicLevel | None = None
    subject: Subject | None = None
    stage: Stage | None = None
    summary: str | None = Field(default=None, min_length=2, max_length=500)
    starts_on: date | None = None
    due_on: date | None = None


class TopicLeaderDiffers(Conflict):
    """The topic is there and led by somebody else."""

    code = "import_topic_leader_differs"
    zh = "该课题已有另一名主持人，请在课题成员中办理变更。"
    en = "The topic is there and led by somebody else: change that with its members."


_COLUMNS = (
    ImportColumn("title", "课题名称", "Title", "小学生提问能力的培养", needed=True),
    ImportColumn("unit", "承担单位", "Unit", also=("所属单位", "单位")),
    ImportColumn("level", "课题级别", "Level", "校级", needed=True, words=TOPIC_LEVELS, also=("级别",)),
    ImportColumn("subject", "学科", "Subject", "语文", words=SUBJECTS),
    ImportColumn("stage", "学段", "Stage", "小学", words=STAGES),
    ImportColumn("summary", "选题论证", "Summary", "学生不会提问，拟以问题链教学改进。", needed=True),
    ImportColumn("starts_on", "开始日期", "First day", "2026-09-01", needed=True, day=True),
    ImportColumn("due_on", "计划结题日期", "Due on", "2028-07-31", needed=True, day=True,
                 also=("结题日期", "完成日期")),
    ImportColumn("name", "主持人", "Leader", "张小燕", also=("主持人姓名", "负责人", "姓名")),
    *PERSON_COLUMNS[1:],
)  # fmt: skip
_COMPARED = ("level", "subject", "stage", "summary", "starts_on", "due_on")
_NEEDED = ("level", "summary", "starts_on", "due_on")
_OVER = (TopicState.REJECTED, TopicState.CONCLUDED, TopicState.WITHDRAWN)
_TOPICS = Titles(
    Topic,
    (*_COMPARED, "state", "leader_id"),
    *(col(Topic.state) != state for state in _OVER),
    col(Topic.group_id).is_(None),
)


def _says_who(said: TopicLine) -> bool:
    return said.id_number is not None or said.name is not None


def _identify(said: TopicLine, ground: Ground) -> tuple[str, str]:
    person = identify_named(said, ground, by_school=True)[0] if _says_who(said) else ""
    return key_about(person, said.unit or "", said.title), said.title


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    known = await hold_places(
        db, ground=ground, drafts=drafts, column=TOPICS.column("unit").zh, lock=lock
    )
    await find_titled(db, titles=_TOPICS, drafts=drafts, compared=_COMPARED)
    placed = [draft for draft in drafts if draft.unit is not None and not draft.refused]
    for draft in placed:
        _compare(draft)
    asked = [Asked(draft, draft.school_id) for draft in placed if _says_who(draft.said)]
    people = await people_meant(db, ground=ground, asked=asked, known=known, lock=lock)
    for draft in placed:
        leader = people.get(draft.row_id)
        if isinstance(leader, DomainError):
            draft.refuse(leader, column=TOPICS.column("name").zh)
        elif leader is None and draft.current is None:
            header = TOPICS.column("name").zh
            draft.refuse(ColumnNeeded(column=header), column=header)
        elif draft.current is None:
            draft.work = leader
        elif leader is not None and leader["id"] != draft.work["leader_id"]:
            draft.refuse(TopicLeaderDiffers(), column=TOPICS.column("name").zh)


def _compare(draft: Draft) -> None:
    """Refuse what no topic can be, and what a row would change of one that is not being written."""
    need(TOPICS, draft, _NEEDED)
    will_be = (draft.current or {}) | draft.wanted
    begins, ends = (will_be.get(name) for name in ("starts_on", "due_on"))
    if begins is not None and ends is not None and ends <= begins:
        draft.refuse(TopicOutOfOrder(), column=TOPICS.column("due_on").zh)
    if will_be.get("level") == TopicLevel.SCHOOL and draft.school_id is None:
        draft.refuse(TopicLevelOfBureau(), column=TOPICS.column("level").zh)
    is_other = draft.current is not None and draft.current != draft.wanted
    if is_other and draft.work["state"] not in EDITABLE:
        draft.refuse(TopicStateWrong(state=draft.work["state"]))


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    for draft in apart(drafts, title_of):
        said = draft.said
        if draft.action is ImportAction.CHANGE:
            changes = TopicChanges.model_validate(draft.after)
            await update_topic(db, actor, topic_id=draft.work["id"], changes=changes)
            continue
        given = {name: getattr(said, name) for name in ("title", *_COMPARED)}
        carried = {"unit_id": (draft.unit or {})["id"], "leader_id": draft.work["id"]}
        new = NewTopic.model_validate(given | carried)
        draft.target_id = (await create_topic(db, actor, new=new, now=ground.now))["id"]


async def _restore(db: Connection, actor: Actor, _: Ground, rows: Sequence[Row]) -> None:
    await _TOPICS.hold_as_written(db, rows)
    for row in rows:
        changes = TopicChanges.model_validate(row["before"])
        await update_topic(db, actor, topic_id=row["target_id"], changes=changes)


async def _remove(db: Connection, _: Actor, __: Ground, rows: Sequence[Row]) -> None:
    """A draft that nobody changed or handed in is removed by the database itself."""
    await _TOPICS.hold_as_written(db, rows)
    await take_back(db, rows=rows)


TOPICS = ImportKind(
    subject=ImportSubject.TOPICS,
    words="课题（草稿） / research topics, as drafts",
    permission=Permission.TOPIC_WRITE,
    columns=_COLUMNS,
    row=TopicLine,
    identified_by=("title",),
    identify=_identify,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
    part=200,
)
