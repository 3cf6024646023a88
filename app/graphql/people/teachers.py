"""Teachers over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import entries, standings
from app.domain.organisation import units
from app.domain.organisation.units import Stage
from app.domain.people import careers, cohort_members, teachers
from app.domain.people.facts.engagement import Establishment, ServiceState
from app.domain.people.facts.posts import Post
from app.domain.people.teachers import NewTeacher, Subject, TeacherView
from app.domain.people.teachers.strata import Stratum
from app.domain.training import attendance
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(teachers.TEACHERS, name="Teacher", description="教师 / a teacher")
class TeacherNode(Node, TeacherView):
    """A teacher with its edges."""

    school = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="school_id",
        description="学校 / school of the personnel relation",
    )
    career = edge(
        careers.careers_of,
        lazy("app.graphql.people.careers", "CareerNode"),
        many=False,
        keys="teacher_ids",
        arguments={"as_of": date | None, "known_on": date | None},
        description="任职经历 / career; with asOf what held on a day, with knownOn as believed then",
    )
    programmes = edge(
        cohort_members.programmes_of,
        lazy("app.graphql.people.cohort_members", "CohortMemberNode"),
        many=True,
        keys="teacher_ids",
        description="参加的人才培养工程 / programmes for which nominated, in their order",
    )
    attendance = paged_edge(
        attendance.attendance_of,
        lazy("app.graphql.training.attendance", "AttendanceNode"),
        keys="teacher_ids",
        first=20,
        description="考勤 / attendance, the latest first",
    )
    standing = edge(
        standings.standings_of,
        lazy("app.graphql.credits.standings", "ShortStandingNode"),
        many=False,
        keys="teacher_ids",
        description="学分状况摘要 / present standing in short",
    )
    credit_entries = paged_edge(
        entries.entries_of,
        lazy("app.graphql.credits.entries", "CreditEntryNode"),
        keys="teacher_ids",
        first=20,
        description="最近的学分记录 / latest entries",
    )


@strawberry.pydantic.input(name="NewTeacher")
class NewTeacherInput(NewTeacher):
    """A teacher to be entered into the register."""


@strawberry.type
class TeacherQueries:
    """What may be asked about teachers."""

    @strawberry.field(description="一名教师 / one teacher", graphql_type=TeacherNode)
    async def teacher(
        self,
        info: Info[Context],
        id: UUID,
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Any:
        """One teacher, with the rank and the posts of today or of a day."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: teachers.get_teacher(
                db, actor, teacher_id=id, as_of=as_of, known_on=known_on
            )
        )

    @strawberry.field(description="教师列表 / teachers", graphql_type=Connection[TeacherNode])
    async def teachers(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        school_id: UUID | None = None,
        county_id: UUID | None = None,
        subject: Subject | None = None,
        stage: Stage | None = None,
        name: str | None = None,
        post: Post | None = None,
        stratum: Stratum | None = None,
        establishment: Establishment | None = None,
        state: ServiceState | None = None,
    ) -> Any:
        """A page of teachers."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: teachers.list_teachers(
                db,
                actor,
                page=page,
                school_id=school_id,
                county_id=county_id,
                subject=subject,
                stage=stage,
                name=name,
                post=post,
                stratum=stratum,
                establishment=establishment,
                state=state,
            ),
        )


@strawberry.type
class TeacherMutations:
    """What may be done with teachers."""

    @strawberry.mutation(description="登记教师 / register a teacher", graphql_type=TeacherNode)
    async def create_teacher(self, info: Info[Context], new: NewTeacherInput) -> Any:
        """Enter a teacher into the register of a school."""
        context = info.context
        async with context.transaction() as db:
            return await teachers.create_teacher(
                db, context.actor, new=new, cipher=context.held.cipher, now=now()
            )
