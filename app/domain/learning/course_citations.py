"""Citations (依据) of courses: which survey, problem or other need a course answers.

积极开发以需求为导向的实践性培训课程: a practical course cites a survey or a problem before it is declared.
What can be cited is what a plan cites (`training.citations`); whoever cites sees it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Uuid, bindparam, delete
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, key
from app.domain.errors import Conflict, NotFound
from app.domain.learning.courses import COURSE_PLACES, Course, open_course
from app.domain.paging import Page, PageRequest
from app.domain.training.citations import CITED, CitationFields, CitedKind, NewCitation
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class CourseCitation(CitationFields, Table, table=True):
    """A citation of a course. None of what can be cited is ever removed."""

    __table_args__ = (
        Index("uq_course_citation_cited", "course_id", "kind", "cited_id", unique=True),
        Index(None, "cited_id", "course_id"),
    )

    id: UUID = key()
    course_id: UUID = Field(foreign_key="course.id", sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT)


class CourseCitationView(CitationFields):
    """A citation as both faces show it."""

    id: UUID = Field(description="标识 / key")
    course_id: UUID = Field(description="课程 / course")
    recorded_at: datetime = Field(description="登记时间 / when it was recorded")


# What can be refused.


class CourseCitationNotFound(NotFound):
    """There is no such citation for the one who asks."""

    code = "course_citation_not_found"
    zh = "未找到该课程依据。"
    en = "There is no such citation of a course."


class CourseCitationExists(Conflict):
    """The course cites it already."""

    code = "course_citation_exists"
    zh = "该课程已引用此依据。"
    en = "The course cites it already."


# What may be asked.

COURSE_CITATIONS = Door(
    table=CourseCitation,
    view=CourseCitationView,
    read=Permission.COURSE_READ,
    missing=CourseCitationNotFound,
    places=COURSE_PLACES,
    joined=CourseCitation.__table__.join(  # type: ignore[attr-defined]
        Course.__table__,  # type: ignore[attr-defined]
        col(CourseCitation.course_id) == col(Course.id),
    ),
    filters={
        "course_id": col(CourseCitation.course_id),
        "cited_id": col(CourseCitation.cited_id),
        "kind": col(CourseCitation.kind),
    },
    sorts={"created": ()},
)


async def list_course_citations(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    course_id: UUID | None = None,
    cited_id: UUID | None = None,
    kind: CitedKind | None = None,
) -> Page:
    """The citations of the courses in the actor's place: what a course answers, or what answers a need."""
    filters = {"course_id": course_id, "cited_id": cited_id, "kind": kind}
    return await COURSE_CITATIONS.page(db, actor, page, filters=filters)


async def citations_of_courses(
    db: Connection,
    actor: Actor,
    *,
    course_ids: list[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The citations of each of many courses, the first recorded first."""
    return await COURSE_CITATIONS.pages_of(
        db, actor, col(CourseCitation.course_id), course_ids, page, columns=columns
    )


# What may be done.


async def add_course_citation(
    db: Connection, actor: Actor, *, course_id: UUID, new: NewCitation, now: datetime
) -> Row:
    """Say what a course that is being written answers; the actor must see what is cited."""
    await open_course(db, actor, course_id=course_id)
    await CITED[new.kind].get(db, actor, new.cited_id)
    citation_id = new_id()
    row = {"id": citation_id, "course_id": course_id, **new.model_dump(), "recorded_at": now}
    try:
        await db.insert(CourseCitation, row)
    except UniqueViolationError:
        raise CourseCitationExists from None
    return await COURSE_CITATIONS.get(db, actor, citation_id)


_REMOVE = Statement(
    delete(CourseCitation).where(col(CourseCitation.id) == bindparam("citation_id", type_=Uuid))
)


async def remove_course_citation(db: Connection, actor: Actor, *, citation_id: UUID) -> Row:
    """Take a citation out of a course that is being written; what it was."""
    write = Permission.COURSE_WRITE
    found = await COURSE_CITATIONS.get(db, actor, citation_id, permission=write)
    await open_course(db, actor, course_id=found["course_id"])
    if not await db.run(_REMOVE, citation_id=citation_id):
        raise CourseCitationNotFound
    return found
