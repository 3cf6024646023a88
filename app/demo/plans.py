"""What 平江县 plans: its scheme, a plan of its first school derived from it, and that of a teacher there."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from app.demo.keys import Keys
from app.demo.people import Person
from app.demo.places import Place, Places
from app.demo.rows import Rows
from app.domain.base import SHANGHAI
from app.domain.training.plan_reviews import PlanReview
from app.domain.training.plans import (
    Plan,
    PlanItem,
    PlanItemFields,
    PlanKind,
    PlanState,
    PlanStep,
    PlanVersion,
    version_document,
)
from app.domain.training.vocabulary import ActivityKind

_PERIOD = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 1, 31)}
_SUBMITTED = datetime(2026, 8, 20, 9, tzinfo=SHANGHAI)
_LATER = timedelta(days=3)
"""From one step to the next."""
_FULL = (PlanStep.SUBMIT, PlanStep.APPROVE, PlanStep.PUBLISH)
_ITEMS = (
    ("集体备课专题讲座", date(2026, 9, 14), "县教研室教研员", ActivityKind.LECTURE),
    ("同课异构听课评课", date(2026, 10, 19), "各教研组组长", ActivityKind.LESSON_OBSERVATION),
)


@dataclass
class Plans:
    """Puts them there as if they had been submitted, reviewed and published."""

    rows: Rows
    keys: Keys
    places: Places
    _scheme: UUID | None = field(default=None, init=False)
    _is_planned: bool = field(default=False, init=False)

    def issue(self, by: UUID, reviewer: UUID) -> None:
        """The county's scheme, issued to all of its schools."""
        self._scheme = self._plan(
            self.places.bureaux["平江县"], by, reviewer, _FULL, kind=PlanKind.SCHEME,
            title="平江县校本研修实施方案（测试）", aims="全员参与，以校为本。", items=(),
            text="一、指导思想\n二、研修内容\n三、研修形式\n四、考核与管理",
        )  # fmt: skip

    def plan_school(self, school: Place, by: UUID, reviewer: UUID, people: list[Person]) -> None:
        """A plan of the first school that opens in the county, and of one of its teachers."""
        if self._is_planned or school.county_id != self.places.bureaux["平江县"].id:
            return
        self._is_planned = True
        own = self._plan(
            school, by, reviewer, _FULL, kind=PlanKind.SEMESTER, derived_from_id=self._scheme,
            title="2026 年秋季校本研修计划", aims="提高集体备课与课堂教学质量。",
            school_goals="三年内建成县级校本研修示范校。", items=_ITEMS,
        )  # fmt: skip
        self._plan(
            school, by, by, (PlanStep.SUBMIT,), kind=PlanKind.INDIVIDUAL, derived_from_id=own,
            title="个人学习计划", aims="学会独立主持一次集体备课。", teacher_id=people[0].id,
            items=_ITEMS[1:],
        )  # fmt: skip

    def _plan(
        self,
        place: Place,
        by: UUID,
        reviewer: UUID,
        steps: tuple[PlanStep, ...],
        *,
        items: tuple[tuple[str, date, str, ActivityKind], ...],
        **says: Any,
    ) -> UUID:
        """A plan with its items, after these steps, the last of them being where it stands."""
        plan_id, last = self.keys(), _SUBMITTED + _LATER * (len(steps) - 1)
        empty = dict.fromkeys(("school_goals", "text", "teacher_id", "derived_from_id"))
        plan = {"id": plan_id, **empty, **says, **_PERIOD}
        is_published = steps[-1] is PlanStep.PUBLISH
        self.rows.add(
            Plan, **plan, **place.columns, version=1, since=last, submitted_by=by, created_by=by,
            state=PlanState.PUBLISHED if is_published else PlanState.SUBMITTED,
            published_at=last if is_published else None, in_force=1 if is_published else None,
        )  # fmt: skip
        planned = [self._item(plan_id, *item) for item in items]
        document = msgspec.json.encode(version_document(plan, planned)).decode()
        self.rows.add(
            PlanVersion, id=self.keys(), plan_id=plan_id, number=1, document=document,
            submitted_at=_SUBMITTED, submitted_by=by,
        )  # fmt: skip
        for number, step in enumerate(steps):
            decides = step is PlanStep.APPROVE
            self.rows.add(
                PlanReview, id=self.keys(), plan_id=plan_id, version=1, step=step,
                opinion="同意实施。" if decides else None, taken_at=_SUBMITTED + _LATER * number,
                taken_by=reviewer if decides else by,
            )  # fmt: skip
        return plan_id

    def _item(
        self, plan_id: UUID, content: str, day: date, trainers: str, form: ActivityKind
    ) -> dict[str, Any]:
        """An item of a week, with all that is asked of one."""
        item = dict.fromkeys(PlanItemFields.model_fields) | {
            "trainer_ids": [],
            "content": content, "starts_on": day, "ends_on": day + timedelta(days=6),
            "trainers": trainers, "trainees": "全体任课教师", "form": form,
            "progress": "准备一周，举办一周，反思一周",
        }  # fmt: skip
        row = {"id": self.keys(), "plan_id": plan_id, **item}
        self.rows.add(PlanItem, **row)
        return row
