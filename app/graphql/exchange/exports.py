"""Exports over GraphQL; their files are fetched over REST."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.exchange import exports
from app.domain.exchange.exports import (
    ExportableList,
    ExportedColumn,
    ExportLink,
    ExportParameter,
    ExportView,
    GivenParameter,
    NewExport,
)
from app.graphql.context import Context
from app.request import now

strawberry.pydantic.type(name="ExportParameter", description="筛选条件 / a filter")(ExportParameter)
strawberry.pydantic.type(name="ExportedColumn", description="清单的列 / a column")(ExportedColumn)
strawberry.pydantic.input(name="GivenParameter")(GivenParameter)


@strawberry.pydantic.type(name="Export", description="导出 / a list as a file")
class ExportNode(ExportView):
    """An export, as whoever asked for it sees it."""


@strawberry.pydantic.type(name="ExportLink", description="导出下载链接 / where it can be fetched")
class ExportLinkNode(ExportLink):
    """Where the file of an export can be fetched."""


@strawberry.pydantic.type(name="ExportableList", description="可导出清单 / can be exported")
class ExportableListNode(ExportableList):
    """A list that can be exported."""


@strawberry.pydantic.input(name="NewExport")
class NewExportInput(NewExport):
    """An export to be made."""


@strawberry.type
class ExportQueries:
    """What may be asked about exports."""

    @strawberry.field(
        description="可导出的清单 / what can be exported", graphql_type=list[ExportableListNode]
    )
    async def exportable_lists(self, info: Info[Context]) -> Any:
        """The lists that can be exported."""
        actor = info.context.actor
        return await info.context.read(lambda db: exports.list_exportable_lists(db, actor))

    @strawberry.field(description="本人的导出 / one's own", graphql_type=list[ExportNode])
    async def exports(self, info: Info[Context]) -> Any:
        """One's own exports, the latest first."""
        actor = info.context.actor
        return await info.context.read(lambda db: exports.list_exports(db, actor))

    @strawberry.field(description="一项导出 / one export", graphql_type=ExportNode)
    async def export(self, info: Info[Context], id: UUID) -> Any:
        """One of one's own exports, and how far it is."""
        actor = info.context.actor
        return await info.context.read(lambda db: exports.get_export(db, actor, export_id=id))


@strawberry.type
class ExportMutations:
    """What may be done with exports."""

    @strawberry.mutation(description="提交导出 / have a list exported", graphql_type=ExportNode)
    async def create_export(self, info: Info[Context], new: NewExportInput) -> Any:
        """Have a list made into a file."""
        async with info.context.transaction() as db:
            return await exports.create_export(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="取消导出 / cancel an export", graphql_type=ExportNode)
    async def cancel_export(self, info: Info[Context], export_id: UUID) -> Any:
        """Cancel one's own export, before or while it is made."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await exports.cancel_export(db, actor, export_id=export_id, now=now())

    @strawberry.mutation(
        description="导出下载链接 / a link to the file", graphql_type=ExportLinkNode
    )
    async def create_export_link(self, info: Info[Context], export_id: UUID) -> Any:
        """A link to the file, for ten minutes."""
        actor, links = info.context.actor, info.context.held.archive.links
        async with info.context.transaction() as db:
            return await exports.create_export_link(
                db, actor, export_id=export_id, links=links, now=now()
            )
