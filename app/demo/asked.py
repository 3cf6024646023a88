"""What 平江县 asked its teachers: a survey of needs, and the evaluation of something that it held."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from app.demo.keys import Keys
from app.demo.places import Place, Places
from app.demo.rows import Rows
from app.demo.training import Held
from app.domain.base import SHANGHAI, civil_date
from app.domain.training.evaluations import (
    DEFAULT_QUESTIONS,
    SUMMARY_DAYS,
    WINDOW_DAYS,
    ActivityEvaluation,
)
from app.domain.training.surveys import (
    Breakdown,
    NewOption,
    NewQuestion,
    QuestionKind,
    Survey,
    SurveyAudience,
    SurveyPurpose,
    SurveyResponse,
    SurveyState,
)

_OPENED = datetime(2026, 6, 1, 8, tzinfo=SHANGHAI)
_SCHOOLS, _AT_A_SCHOOL, _OF_ACTIVITY = 4, 12, 18
"""How many schools answered, with how many teachers each, and how many who took part."""
_NEEDS = (
    NewQuestion(
        code="theme",
        kind=QuestionKind.SINGLE_CHOICE,
        text="下学期您最需要哪方面的研修？",
        options=[
            NewOption(code="planning", text="集体备课"),
            NewOption(code="assessment", text="学业评价"),
            NewOption(code="technology", text="信息技术应用"),
        ],
    ),
    NewQuestion(
        code="sessions",
        kind=QuestionKind.SCALE,
        text="现有研修次数是否合适？",
        minimum=1,
        maximum=5,
    ),
)


@dataclass(frozen=True)
class Asked:
    """Puts it there as if it had been answered and closed."""

    rows: Rows
    keys: Keys
    places: Places
    random: Random

    def ask(self, by: UUID, held: Held) -> None:
        """A needs survey of the county's schools, and the evaluation of what the county held."""
        bureau = self.places.bureaux["平江县"]
        needs = self._survey(
            bureau, by, _NEEDS, _OPENED, purpose=SurveyPurpose.NEEDS,
            title="2026 年秋季研训需求调查", activity_id=None,
            breakdowns=[Breakdown.SCHOOL, Breakdown.RANK],
        )  # fmt: skip
        self.rows.add(SurveyAudience, survey_id=needs, target_id=bureau.id)
        for school in self.places.schools_of(bureau)[:_SCHOOLS]:
            for _ in range(_AT_A_SCHOOL):
                theme = self.random.choice(["planning", "planning", "assessment", "technology"])
                answers = {"theme": [theme], "sessions": [str(self.random.randint(2, 5))]}
                rank = self.random.choice(["second_grade", "first_grade", "senior"])
                self._answer(needs, answers, {"rank": [rank]}, school.id)
        self._evaluate(bureau, by, held)

    def _evaluate(self, bureau: Place, by: UUID, held: Held) -> None:
        closed = datetime.combine(held.earned_on, datetime.min.time(), SHANGHAI)
        survey = self._survey(
            bureau, by, DEFAULT_QUESTIONS, closed, purpose=SurveyPurpose.ACTIVITY_EVALUATION,
            title="活动评估", activity_id=held.id, breakdowns=[],
        )  # fmt: skip
        scales = [each.code for each in DEFAULT_QUESTIONS if each.kind is QuestionKind.SCALE]
        for _ in range(_OF_ACTIVITY):
            self._answer(survey, {code: [str(self.random.randint(3, 5))] for code in scales}, {})
        due = closed + timedelta(days=SUMMARY_DAYS)
        self.rows.add(
            ActivityEvaluation,
            id=self.keys(),
            activity_id=held.id,
            window_days=WINDOW_DAYS,
            summary_days=SUMMARY_DAYS,
            survey_id=survey,
            summary_due_on=civil_date(due),
            summary="活动按计划完成，参训教师反映内容切合课堂。",
            effects="各校形成一份共案。",
            problems="讨论时间不足。",
            next_steps="下次增加分组磨课。",
            summarised_by=by,
            summarised_at=due,
        )

    def _survey(
        self, owner: Place, by: UUID, questions: Any, opened: datetime, **more: Any
    ) -> UUID:
        survey_id, closes = self.keys(), opened + timedelta(days=WINDOW_DAYS)
        self.rows.add(
            Survey,
            id=survey_id,
            anonymous=True,
            is_template=False,
            opens_at=opened,
            closes_at=closes,
            closed_at=closes,
            state=SurveyState.CLOSED,
            questions=_as_text([each.model_dump(mode="json") for each in questions]),
            created_by=by,
            **owner.columns,
            **more,
        )
        return survey_id

    def _answer(
        self, survey_id: UUID, answers: Any, strata: Any, school_id: UUID | None = None
    ) -> None:
        self.rows.add(
            SurveyResponse,
            id=UUID(int=self.random.getrandbits(128), version=4),
            survey_id=survey_id,
            of_school_id=school_id,
            strata=_as_text(strata),
            answers=_as_text(answers),
        )


def _as_text(value: Any) -> str:
    """JSON as the driver copies it."""
    return msgspec.json.encode(value).decode()
