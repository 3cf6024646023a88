"""Imports over GraphQL; files are handed in over REST."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.exchange import imports
from app.domain.exchange.imports import (
    ImportAction,
    ImportRowView,
    ImportStage,
    ImportSubject,
    ImportView,
    RepairedCell,
    RowRepair,
    RowState,
    ShrunkSchool,
)
from app.domain.exchange.imports.reasons import Reason
from app.domain.progress import ProgressState
from app.graphql.context import Context
from app.graphql.edges import lazy, paged_edge
from app.graphql.following import Following
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.people.teachers import TeacherNode
from app.request import now
from app.request.live import progress_source

strawberry.pydantic.type(name="ImportReason", description=Reason.__doc__)(Reason)
strawberry.pydantic.type(name="ShrunkSchool", description=ShrunkSchool.__doc__)(ShrunkSchool)


@node(imports.IMPORT_ROWS, name="ImportRow", description="导入行 / a row of an import")
class ImportRowNode(Node, ImportRowView):
    """A row of an import."""


@node(imports.IMPORTS, name="Import", description="导入 / a file that is taken over")
class ImportNode(Node, ImportView):
    """An import with its rows."""

    rows = paged_edge(
        imports.import_rows_of,
        lazy("app.graphql.exchange.imports", "ImportRowNode"),
        keys="import_ids",
        first=50,
        description="各行 / its rows, as the file has them",
    )


strawberry.pydantic.input(name="RepairedCell")(RepairedCell)


@strawberry.pydantic.input(name="RowRepair")
class RowRepairInput(RowRepair):
    """What a row that was set apart should say."""


@strawberry.type
class ImportQueries:
    """What may be asked about imports."""

    @strawberry.field(description="导入 / imports", graphql_type=Connection[ImportNode])
    async def imports(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        subject: ImportSubject | None = None,
        stage: ImportStage | None = None,
        state: ProgressState | None = None,
    ) -> Any:
        """The imports in the actor's place (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: imports.list_imports(
                db, actor, page=page, unit_id=unit_id, subject=subject, stage=stage, state=state
            ),
        )

    @strawberry.field(name="import", description="一次导入 / one import", graphql_type=ImportNode)
    async def import_(self, info: Info[Context], import_id: UUID) -> Any:
        """One import, with how far the work on it has come."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: imports.get_import(db, actor, import_id=import_id)
        )

    @strawberry.field(
        description="导入各行 / rows of an import", graphql_type=Connection[ImportRowNode]
    )
    async def import_rows(
        self,
        info: Info[Context],
        import_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        action: ImportAction | None = None,
        state: RowState | None = None,
    ) -> Any:
        """What each row of the file does, and why (`number`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: imports.list_import_rows(
                db, actor, import_id=import_id, page=page, action=action, state=state
            ),
        )

    @strawberry.field(
        description="完整名册缺少的人员 / whom a full roster lacks",
        graphql_type=Connection[TeacherNode],
    )
    async def missing_people(
        self,
        info: Info[Context],
        import_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """Who is registered at the schools of a full roster and is not in it (`name`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: imports.list_missing_people(db, actor, import_id=import_id, page=page),
        )

    @strawberry.field(description="一行 / one row of an import", graphql_type=ImportRowNode)
    async def import_row(self, info: Info[Context], row_id: UUID) -> Any:
        """One row of an import."""
        actor = info.context.actor
        return await info.context.read(lambda db: imports.get_import_row(db, actor, row_id=row_id))


@strawberry.type
class ImportMutations:
    """What may be done with imports."""

    @strawberry.mutation(
        description="导入已核对的文件 / have a checked import entered", graphql_type=ImportNode
    )
    async def apply_import(self, info: Info[Context], import_id: UUID) -> Any:
        """Have a checked import entered, or the rest of one that was stopped."""
        async with info.context.transaction() as db:
            return await imports.apply_import(db, info.context.actor, import_id=import_id)

    @strawberry.mutation(
        description="撤回导入 / have an import taken back", graphql_type=ImportNode
    )
    async def undo_import(self, info: Info[Context], import_id: UUID) -> Any:
        """Have taken back what an import has entered, as far as nothing rests on it by now."""
        async with info.context.transaction() as db:
            return await imports.undo_import(db, info.context.actor, import_id=import_id)

    @strawberry.mutation(description="取消导入 / stop an import", graphql_type=ImportNode)
    async def cancel_import(self, info: Info[Context], import_id: UUID) -> Any:
        """Stop the work on an import; one of which nothing was entered is over."""
        async with info.context.transaction() as db:
            return await imports.cancel_import(
                db, info.context.actor, import_id=import_id, now=now()
            )

    @strawberry.mutation(
        description="修正被拒绝的行 / put right a row that was refused",
        graphql_type=ImportRowNode,
    )
    async def repair_import_row(
        self, info: Info[Context], row_id: UUID, repair: RowRepairInput
    ) -> Any:
        """Put right a row that was refused; it is entered if the others were."""
        context = info.context
        async with context.transaction() as db:
            return await imports.repair_import_row(
                db,
                context.actor,
                row_id=row_id,
                repair=repair,
                cipher=context.held.cipher,
                now=now(),
            )


@strawberry.type
class ImportSubscriptions:
    """What may be followed of imports."""

    @strawberry.subscription(
        name="import",
        description="跟踪导入进度 / an import, as it gets on",
        graphql_type=ImportNode,
    )
    async def import_(self, info: Info[Following], import_id: UUID) -> AsyncGenerator[Any]:
        """One import, and then again whenever the work on it got on."""
        source = progress_source(
            import_id, lambda db, actor: imports.get_import(db, actor, import_id=import_id)
        )
        async for row in info.context.follow("get_import", import_id, source, None):
            yield row
