"""Posts (岗位): what somebody is appointed to at a school; one person may hold several."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, Uuid
from sqlmodel import Field

from app.domain.base import Table, text_enum
from app.domain.people.facts.fact import (
    Fact,
    FactKind,
    FactName,
    FactOverlaps,
    FactView,
    NewFact,
    fact_constraints,
)


class Post(StrEnum):
    """A post (岗位) held beside or instead of teaching a subject.

    校级干部, 中层领导 and the auxiliary posts are those that 宝山区实验小学《十二五教师培训总结》二、1 names;
    the principal is the first responsible person of school-based training (校本研修第一责任人).
    """

    TEACHER = "teacher"
    CLASS_HEAD = "class_head"
    PRINCIPAL = "principal"
    VICE_PRINCIPAL = "vice_principal"
    PARTY_SECRETARY = "party_secretary"
    SCHOOL_CADRE = "school_cadre"
    MIDDLE_LEADER = "middle_leader"
    TRAINER = "trainer"
    LIBRARIAN = "librarian"
    TRAINING_OFFICER = "training_officer"
    LANGUAGE_OFFICER = "language_officer"
    SCIENCE_COUNSELLOR = "science_counsellor"
    ARTS_TEACHER = "arts_teacher"
    INFORMATION_OFFICER = "information_officer"
    OTHER_TECHNICAL = "other_technical"


COUNTS_AS = dict.fromkeys(
    (Post.PRINCIPAL, Post.VICE_PRINCIPAL, Post.PARTY_SECRETARY), Post.SCHOOL_CADRE
)
"""Posts that are of a wider kind which rules ask for: a principal is a school cadre (校级干部)."""

SCHOOL_CADRES = (*COUNTS_AS, Post.SCHOOL_CADRE)
AUXILIARY_POSTS = (
    Post.LIBRARIAN, Post.TRAINING_OFFICER, Post.LANGUAGE_OFFICER, Post.SCIENCE_COUNSELLOR,
    Post.ARTS_TEACHER, Post.INFORMATION_OFFICER, Post.OTHER_TECHNICAL,
)  # fmt: skip
"""其他专业技术人员及教辅人员, as the source lists them."""


class PostFields(BaseModel):
    """What a post is, and in which department."""

    post: Post = Field(description="岗位 / post", sa_type=text_enum(Post))
    department: str | None = Field(
        default=None, max_length=60, description="所在部门 / department, in words"
    )


class TeacherPost(PostFields, Fact, Table, table=True):
    """A post that a teacher held at a school from a day on; the same post there once at a time."""

    __table_args__ = (
        *fact_constraints("teacher_post", "post", "school_id"),
        Index(None, "school_id", "post", "valid_from"),
    )

    school_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)


class PostView(PostFields, FactView):
    """A post as both faces show it."""

    school_id: UUID = Field(description="任职学校 / school where it is held")


class NewPost(PostFields, NewFact):
    """A post that a teacher holds from a day on."""

    school_id: UUID | None = Field(
        default=None,
        description="任职学校，默认人事关系所在学校 / school; that of the personnel relation",
    )


# What can be refused.


class PostOverlaps(FactOverlaps):
    """A teacher holds the same post at the same school once at a time."""

    code = "post_overlaps"
    zh = "该教师在同一学校同一时期已任此岗位。"
    en = "The teacher holds this post at this school at that time already."


POST = FactKind(
    name=FactName.POST,
    plural="posts",
    table=TeacherPost,
    view=PostView,
    new=NewPost,
    words="岗位 / post",
    slot=("post", "school_id"),
    shown=True,
    overlaps=PostOverlaps,
)
