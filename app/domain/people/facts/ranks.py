"""Ranks (职称): by the names in force since 2015, and what the former names stand for."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, model_validator
from sqlmodel import Field

from app.domain.base import Table, text_enum
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.facts import FactNotLater
from app.domain.people.facts.fact import (
    Fact,
    FactKind,
    FactName,
    FactOverlaps,
    FactView,
    NewFact,
    fact_constraints,
)


class Rank(StrEnum):
    """Professional rank (职称) by the names in force since 2015; see `FORMER_NAMES` for those before."""

    UNRANKED = "unranked"
    THIRD_GRADE = "third_grade"
    SECOND_GRADE = "second_grade"
    FIRST_GRADE = "first_grade"
    SENIOR = "senior"
    PRINCIPAL_SENIOR = "principal_senior"


FORMER_NAMES: dict[str, tuple[Rank, ...]] = {
    "未评": (Rank.UNRANKED,),
    "初级": (Rank.THIRD_GRADE, Rank.SECOND_GRADE),
    "中级": (Rank.FIRST_GRADE,),
    "高级": (Rank.SENIOR, Rank.PRINCIPAL_SENIOR),
    "副高级": (Rank.SENIOR,),
    "正高级": (Rank.PRINCIPAL_SENIOR,),
    "中学高级教师": (Rank.SENIOR,),
    "中学一级教师": (Rank.FIRST_GRADE,),
    "中学二级教师": (Rank.SECOND_GRADE,),
    "中学三级教师": (Rank.THIRD_GRADE,),
    "小学高级教师": (Rank.FIRST_GRADE,),
    "小学一级教师": (Rank.SECOND_GRADE,),
    "小学二级教师": (Rank.THIRD_GRADE,),
    "小学三级教师": (Rank.THIRD_GRADE,),
}
"""What a former name stands for; where it stands for several ranks it does not say which.

初级, 中级 and 高级 are the bands of the sources (宝山区实验小学《十二五教师培训总结》二、1(1)). The transition
of the names of middle and primary schools is that of the reform of 2015 (人社部发〔2015〕79号), whose
text was not at hand: it is written down from common practice.
"""


class RankFields(BaseModel):
    """What a rank is."""

    rank: Rank = Field(description="职称 / rank", sa_type=text_enum(Rank))


class TeacherRank(RankFields, Fact, Table, table=True):
    """A rank that a teacher held from a day on; one at a time."""

    __table_args__ = fact_constraints("teacher_rank")


class RankView(RankFields, FactView):
    """A rank as both faces show it."""


class NewRank(NewFact):
    """A rank that a teacher holds from a day on; unless it has an end, it ends the former one."""

    rank: Rank | None = Field(
        default=None, description="职称，与旧称二者填一 / rank, or else its former name"
    )
    former_name: str | None = Field(
        default=None,
        max_length=20,
        description="旧称，如“中级”“小学高级教师”，须能唯一对应 / former name that stands for one rank",
    )

    @model_validator(mode="after")
    def _said_in_one_way(self) -> "NewRank":
        if (self.rank is None) == (self.former_name is None):
            raise Unfit("职称与旧称须填其一。", "Say either the rank or its former name.")
        return self

    def values(self) -> dict[str, Any]:
        """The rank itself, whichever way it was said."""
        return {"rank": self.rank or rank_of(self.former_name or "")}


# What can be refused.


class RankNotLater(FactNotLater):
    """A new rank begins after the one that it ends."""

    code = "rank_not_later"
    zh = "新职称的起始日必须晚于现职称的起始日（{current}）。"
    en = "The new rank must begin after the present one did ({current})."


class RankOverlaps(FactOverlaps):
    """A teacher holds one rank at a time."""

    code = "rank_overlaps"
    zh = "与另一职称的任职时间重叠。"
    en = "Another rank was held at that time."


class RankNameUnknown(Invalid):
    """No such former name is on the table."""

    code = "rank_name_unknown"
    zh = "未知的职称旧称，可用：{known}。"
    en = "This former name is not known; there are: {known}."


class RankNameAmbiguous(Conflict):
    """A former name that stands for several ranks does not say which is meant."""

    code = "rank_name_ambiguous"
    zh = "“{name}”对应多个现职称，请指明其一：{choices}。"
    en = "'{name}' stands for several ranks; say which: {choices}."


def rank_of(former_name: str) -> Rank:
    """The one rank that a former name stands for."""
    ranks = FORMER_NAMES.get(former_name)
    if ranks is None:
        raise RankNameUnknown(known="、".join(FORMER_NAMES))
    if len(ranks) > 1:
        raise RankNameAmbiguous(name=former_name, choices=", ".join(ranks))
    return ranks[0]


RANK = FactKind(
    name=FactName.RANK,
    plural="ranks",
    table=TeacherRank,
    view=RankView,
    new=NewRank,
    words="职称 / rank",
    succeeds=True,
    shown=True,
    overlaps=RankOverlaps,
    not_later=RankNotLater,
)
