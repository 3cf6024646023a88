"""The rows of a file of careers: its columns, and the fact that each says."""

from datetime import date
from functools import cached_property
from typing import Any

from pydantic import Field, SecretStr

from app.domain.base import Command
from app.domain.exchange.imports.kind import ImportColumn
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
from app.domain.people.facts.fact import FactName, NewFact
from app.domain.people.facts.kinds import KINDS
from app.domain.people.facts.merits import EducationLevel, StudyState
from app.domain.people.facts.posts import Post
from app.domain.people.facts.qualifications import QualificationKind, RegistrationConclusion
from app.domain.people.facts.ranks import Rank
from app.domain.people.identity import IdKind


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
        return fact_of(self)


COLUMNS = (
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
SAYS: dict[FactName, tuple[str, ...]] = {
    FactName.RANK: ("rank",),
    FactName.POST: ("post", "department"),
    FactName.EDUCATION: ("level", "study", "institution", "major"),
    FactName.QUALIFICATION: ("qualification", "subject", "issuer"),
    FactName.REGISTRATION: ("conclusion", "issuer"),
}
"""What a fact of each kind says, beside its days."""


def fact_of(said: CareerLine, **more: Any) -> NewFact:
    """The command by which such a fact is recorded; raises `ValidationError` where it says too little."""
    names = SAYS.get(said.fact, ())
    values = {name: value for name in names if (value := getattr(said, name)) is not None}
    times = {"valid_from": said.valid_from, "valid_to": said.valid_to}
    return KINDS[said.fact].new.model_validate(values | times | more)
