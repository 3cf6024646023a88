"""The result of a school year as a piece of a growth file (学年考核结果).

「考核情况应纳入教师本人业务档案」 (岳市教发〔2013〕18号 第三十一条). It is put together where results of a year
are, and not by a statement of its own: the same figures as are shown there, in words.
"""

from datetime import datetime
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.credits.assessment_requirements import AssessmentTerm
from app.domain.credits.assessments import Judgement
from app.domain.quality.archive_volumes.source import SCHOOL_NAME
from app.domain.quality.evaluation_results import is_school_year
from app.domain.quality.incentive_rules import IncentiveKind
from app.domain.quality.year_results import days_of_school_year, results_of
from app.sql import Connection, Row

FACTS = ("starts_on", "ends_on", "hours", "credits", "assessments", "incentives", "checklists")
"""What such a piece says."""
_TERMS = {AssessmentTerm.YEAR: "学年", AssessmentTerm.SEMESTER: "学期"}
_KINDS = {IncentiveKind.REWARD: "奖励", IncentiveKind.PENALTY: "惩处"}
_JUDGEMENTS = {
    Judgement.EXCELLENT: "优秀", Judgement.QUALIFIED: "合格",
    Judgement.BASICALLY_QUALIFIED: "基本合格", Judgement.UNQUALIFIED: "不合格",
}  # fmt: skip
_NOTHING = {"file_id": None, "file_name": None, "file_sha256": None, "file_size": None}


async def year_results_to_file(
    db: Connection, actor: Actor, *, owner_id: UUID, school_year: int, now: datetime
) -> list[Row]:
    """What the school year gave a teacher: a row such as the statements give, none where it gave nothing.

    Growth files go further back than results: of a year before them nothing is filed here.
    """
    if not is_school_year(school_year):
        return []
    found = await results_of(db, actor, teacher_ids=[owner_id], school_year=school_year, now=now)
    result = found[owner_id]
    if result is None or not (said := _facts(result)):
        return []
    first, last = days_of_school_year(school_year)
    facts = {"starts_on": first.isoformat(), "ends_on": last.isoformat(), **said}
    return [
        {
            "source_id": owner_id,
            "title": f"{school_year}—{school_year + 1}学年考核结果",
            "made_on": last,
            "origin": await db.value(SCHOOL_NAME, school_id=result["school_id"]),
            "teacher_id": owner_id,
            "facts": facts,
            "media_type": None,
            "shows_pupils": False,
            **_NOTHING,
        }
    ]


def _facts(result: Row) -> dict[str, str]:
    """What there is of a year, in words; of what there is nothing, no word."""
    numbers = {name: str(result[name]) for name in ("hours", "credits") if result[name]}
    lists = {
        "assessments": [
            f"{_TERMS[each['term']]}（{each['starts_on']}起）：{_JUDGEMENTS[each['judgement']]}，"
            f"达到要求{each['met']}项，共{each['asked']}项"
            for each in result["assessments"]
        ],
        # None of them for who may not see them: what is not said here is in no hash either.
        "incentives": [
            f"{_KINDS[each['kind']]}：{each['title']}（{each['given_on']}）"
            for each in result["incentives"]
        ],
        "checklists": [
            f"{each['name']}（{each['starts_on']}起）：完成{each['done']}项，共{each['items']}项"
            for each in result["checklists"]
            if each["done"]
        ],
    }
    return numbers | {name: "；".join(lines) for name, lines in lists.items() if lines}
