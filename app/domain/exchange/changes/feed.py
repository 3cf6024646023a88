"""Reading the feed: a part of it after a position, below the oldest transaction still running."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field

from app.domain.access.actors import Actor
from app.domain.credits.certificates import CertificateView
from app.domain.credits.entries import CreditEntryView
from app.domain.credits.packs.published import RulePackView
from app.domain.exchange.changes.coverage import Filling, Position, coverage_of, scope_of
from app.domain.exchange.changes.epochs import HORIZON, EpochRaised
from app.domain.exchange.changes.learning_views import (
    ChoiceChangeView,
    CourseClassChangeView,
    CourseRunChangeView,
    MentorChangeView,
    MentorshipChangeView,
    ResourceChangeView,
    TopicChangeView,
    TopicMemberChangeView,
    TrainerChangeView,
)
from app.domain.exchange.changes.positions import changed_between, things_of, units_lost
from app.domain.exchange.changes.quality_views import (
    DocumentChangeView,
    RegulationChangeView,
    UnitEvaluationChangeView,
)
from app.domain.exchange.changes.source import ChangeKind
from app.domain.exchange.changes.unit_sets import read_position
from app.domain.exchange.changes.views import (
    ClaimChangeView,
    EnrolmentChangeView,
    MembershipView,
    StaffChangeView,
)
from app.domain.learning.course_completions import CourseCompletionView
from app.domain.learning.courses import CourseView
from app.domain.learning.outputs import OutputView
from app.domain.organisation.units import UnitView
from app.domain.people.teachers import TeacherView
from app.domain.quality.campaigns import CampaignView
from app.domain.quality.indicator_sheets import IndicatorSheetView
from app.domain.training.activities.activity import ActivityView
from app.domain.training.activities.sessions import SessionView
from app.domain.training.attendance import AttendanceView
from app.domain.training.groups import GroupView
from app.sql import Connection, Row

LONGEST_READ = 500
"""Changes that one read answers with at most."""


class ChangeView(BaseModel):
    """A change: the thing as it is now, under the name of its kind."""

    kind: ChangeKind = Field(description="类别 / kind of thing")
    id: UUID = Field(description="标识 / key of the thing")
    change: str = Field(description="此变更之后的游标 / cursor after this change")
    gone: bool = Field(
        description="已离开读取者的范围，连同其全部内容 / it has left the reader's scope or is no more: it"
        " goes, and with it whatever lies in it"
    )
    became: UUID | None = Field(
        default=None,
        description="并入的记录 / key of the record that one which is gone was merged into",
    )
    lies_in: list[UUID] = Field(
        description="所在的单位、教师、教研组 / units, teacher or group in which it lies: when one of these"
        " is told as gone, it is gone too"
    )
    unit: UnitView | None = Field(default=None, description="单位 / unit")
    teacher: TeacherView | None = Field(default=None, description="教师（脱敏） / teacher, masked")
    group: GroupView | None = Field(default=None, description="教研组 / group")
    group_member: MembershipView | None = Field(
        default=None, description="教研组成员 / membership of a group"
    )
    activity: ActivityView | None = Field(default=None, description="活动 / activity")
    attendance: AttendanceView | None = Field(default=None, description="考勤记录 / attendance")
    credit_entry: CreditEntryView | None = Field(
        default=None, description="台账记录，含冲销 / entry of the ledger, reversals included"
    )
    session: SessionView | None = Field(default=None, description="场次 / session of an activity")
    enrolment: EnrolmentChangeView | None = Field(default=None, description="报名 / enrolment")
    claim: ClaimChangeView | None = Field(
        default=None, description="学分申报（已提交的） / claim that was handed in"
    )
    certificate: CertificateView | None = Field(default=None, description="证书 / certificate")
    pack: RulePackView | None = Field(
        default=None, description="规则包 / published pack, without its document"
    )
    staff: StaffChangeView | None = Field(default=None, description="活动承担者 / staff")
    course: CourseView | None = Field(default=None, description="课程 / course")
    course_run: CourseRunChangeView | None = Field(default=None, description="开课 / run")
    course_class: CourseClassChangeView | None = Field(default=None, description="班 / class")
    choice: ChoiceChangeView | None = Field(default=None, description="选课 / choice")
    course_completion: CourseCompletionView | None = Field(
        default=None, description="结业核定，含已更正的 / completion, corrected ones included"
    )
    trainer: TrainerChangeView | None = Field(default=None, description="导师 / trainer")
    mentorship: MentorshipChangeView | None = Field(
        default=None, description="师徒结对 / mentorship"
    )
    mentor: MentorChangeView | None = Field(default=None, description="带教导师 / mentor")
    topic: TopicChangeView | None = Field(default=None, description="课题 / topic")
    topic_member: TopicMemberChangeView | None = Field(
        default=None, description="课题组成员 / member of a topic"
    )
    output: OutputView | None = Field(default=None, description="成果 / output of research")
    resource: ResourceChangeView | None = Field(default=None, description="资源 / resource")
    official_document: DocumentChangeView | None = Field(
        default=None, description="公文（已印发的） / document that was issued"
    )
    regulation: RegulationChangeView | None = Field(default=None, description="制度 / regulation")
    campaign: CampaignView | None = Field(default=None, description="专项活动 / campaign")
    unit_evaluation: UnitEvaluationChangeView | None = Field(
        default=None, description="评估结果（已公布的） / published result of an evaluation"
    )
    indicator_sheet: IndicatorSheetView | None = Field(
        default=None, description="指标表 / indicator sheet"
    )


class ChangesView(BaseModel):
    """What a read of the feed answers."""

    items: list[ChangeView] = Field(description="变更，按先后 / changes in their order")
    next: str = Field(description="下次从此处继续 / where to go on, now or later; never null")
    more: bool = Field(description="是否还有 / whether more can be read at once")
    filling: bool = Field(
        description="是否仍在快照中 / whether the snapshot, of everything or of what has newly come into"
        " the reader's scope, goes on: until then not all is there"
    )
    through: datetime | None = Field(
        description="截至此刻的提交均已包含 / everything committed before this moment has been told; null"
        " while there is more, or where it is not known"
    )
    kinds: list[ChangeKind] = Field(
        description="所含类别 / kinds that are told of: what is held of any other is kept up no longer"
    )


class Part(NamedTuple):
    """A part of the feed by keys alone: each change with its cursor, and what `ChangesView` says of it."""

    changes: list[Row]
    next: Position
    more: bool
    through: datetime | None


# What may be asked.


async def list_changes(
    db: Connection,
    actor: Actor,
    *,
    after: str | None = None,
    limit: int = 100,
    kinds: Sequence[ChangeKind] | None = None,
) -> Row:
    """The changes after a cursor that the actor may see, the oldest first (`ChangesView`).

    Without a cursor it begins with everything there is. What the actor has been granted since the
    cursor is told then, what has been taken away is told as gone. All kinds are read below one
    horizon, taken first; what commits meanwhile comes with a later read. Whoever may be granted many
    units has had them kept (`keep_coverage`), or cannot go on from the cursor.
    """
    part = await read_part(db, actor, after=after, limit=limit, kinds=kinds)
    covered = part.next.covered
    scope = scope_of(actor, covered.units)
    wanted: dict[ChangeKind, list[UUID]] = defaultdict(list)
    for change in part.changes:
        if not change["gone"]:
            wanted[change["kind"]].append(change["id"])
    found = {
        kind: await things_of(db, scope=scope, kind=kind, ids=ids)
        for kind, ids in wanted.items()  # one statement a kind, of which there are few
    }
    items = []
    for change in part.changes:
        thing = None if change["gone"] else found[change["kind"]].get(change["id"])
        if change["gone"] or thing is not None:  # what has left meanwhile is told as gone later
            items.append(_item(change, thing))
    return {
        "items": items,
        "next": part.next.cursor(),
        "more": part.more,
        "filling": part.next.filling is not None,
        "through": part.through,
        "kinds": sorted(covered.kinds),
    }


async def read_part(
    db: Connection,
    actor: Actor,
    *,
    after: str | None,
    limit: int,
    kinds: Sequence[ChangeKind] | None = None,
) -> Part:
    """The same by keys alone, for who tells somebody that there is something to read."""
    wanted = coverage_of(actor, kinds)
    [now] = await db.all(HORIZON)
    was = await _begin(db, after, now)
    start = was.covering(wanted)
    limit = min(max(limit, 1), LONGEST_READ)
    scope = scope_of(actor, wanted.units)
    lost = await units_lost(db, scope=scope, before=was.covered, now=wanted)
    if lost:
        told = [_lost(unit, was) for unit in lost]
        told[-1]["change"] = start.cursor()
        return Part(told, start, more=True, through=None)
    if start.filling is not None:
        return await _fill(db, actor, start, start.filling, limit, now)
    horizon = now["horizon"]
    rows = await changed_between(
        db, scope=scope, kinds=wanted.kinds, after=start, before=(horizon, 0), limit=limit + 1
    )
    told = [_placed(row, _after(start, row)) for row in rows[:limit]]
    if len(rows) > limit:
        return Part(told, _after(start, rows[limit - 1]), more=True, through=None)
    end = start
    if (horizon, 0) > (start.transaction, start.sequence):
        end = replace(start, transaction=horizon, sequence=0)
    return Part(told, end, more=False, through=now["through"])


async def _fill(
    db: Connection, actor: Actor, start: Position, filling: Filling, limit: int, now: Row
) -> Part:
    """A part of what stood before the position and is in the reader's scope now."""
    rows = await changed_between(
        db,
        scope=scope_of(actor, filling.coverage.units),
        kinds=filling.coverage.kinds,
        after=filling,
        before=(start.transaction, start.sequence + 1),
        limit=limit + 1,
    )
    filled = [_filled(start, filling, row) for row in rows[:limit]]
    told = [_placed(row, at) for row, at in zip(rows, filled, strict=False)]
    if len(rows) > limit:
        return Part(told, filled[-1], more=True, through=None)
    more = (now["horizon"], 0) > (start.transaction, start.sequence)
    through = None if more else now["through"]
    return Part(told, replace(start, filling=None), more=more, through=through)


async def _begin(db: Connection, after: str | None, now: Row) -> Position:
    """Where a reader stands; one who begins stands at the horizon and was told of nothing yet."""
    if after is None:
        return Position(now["epoch"], now["horizon"])
    position = await read_position(db, cursor=after)
    if position.epoch != now["epoch"]:
        raise EpochRaised
    return position


def _after(start: Position, row: Row) -> Position:
    return replace(start, transaction=row["transaction"], sequence=row["sequence"])


def _filled(start: Position, filling: Filling, row: Row) -> Position:
    moved = replace(filling, transaction=row["transaction"], sequence=row["sequence"])
    return replace(start, filling=moved)


def _lost(unit: UUID, was: Position) -> Row:
    """That a unit was taken from the reader; resumed before the last of these, all are told again."""
    kind = ChangeKind.UNIT
    return {"kind": kind, "id": unit, "change": was.cursor(), "gone": True, "became": None}


def _placed(row: Row, at: Position) -> Row:
    return {
        "kind": ChangeKind(row["kind"]),
        "id": row["id"],
        "change": at.cursor(),
        "gone": row["gone"],
        "became": row["became"],
    }


def _item(change: Row, thing: Row | None) -> Row:
    lies_in = [] if thing is None else thing["_lies_in"]
    shown = None
    if thing is not None:
        shown = {name: value for name, value in thing.items() if name != "_lies_in"}
    of_kind = {each.value: shown if each is change["kind"] else None for each in ChangeKind}
    return {**change, "lies_in": lies_in, **of_kind}
