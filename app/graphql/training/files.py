"""Files over GraphQL; they are handed in and fetched over REST."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import files
from app.domain.training.files import (
    FileLink,
    FileSharingChange,
    FileView,
    MediaKind,
    NewFileLink,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(files.FILES, name="File", description="文件 / a file")
class FileNode(Node, FileView):
    """A file."""


@strawberry.pydantic.type(name="FileLink", description="文件链接 / where a file can be fetched")
class FileLinkNode(FileLink):
    """Where a file can be fetched."""


@strawberry.pydantic.input(name="NewFileLink")
class NewFileLinkInput(NewFileLink):
    """For what a link is wanted."""


@strawberry.pydantic.input(name="FileSharingChange")
class FileSharingChangeInput(FileSharingChange):
    """Who else may open a file."""


@strawberry.type
class FileQueries:
    """What may be asked about files."""

    @strawberry.field(description="一个文件 / one file", graphql_type=FileNode)
    async def file(self, info: Info[Context], id: UUID) -> Any:
        """One file."""
        actor = info.context.actor
        return await info.context.read(lambda db: files.get_file(db, actor, file_id=id))

    @strawberry.field(
        description="本人、本单位及共享的文件 / files", graphql_type=Connection[FileNode]
    )
    async def files(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        kind: MediaKind | None = None,
    ) -> Any:
        """A page of one's own files, those of one's unit and those shared with it."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: files.list_files(db, actor, page=page, unit_id=unit_id, kind=kind),
        )


@strawberry.type
class FileMutations:
    """What may be done with files."""

    @strawberry.mutation(description="文件链接 / a link to a file", graphql_type=FileLinkNode)
    async def create_file_link(
        self, info: Info[Context], file_id: UUID, new: NewFileLinkInput
    ) -> Any:
        """A link to a file, for ten minutes."""
        actor, links = info.context.actor, info.context.held.archive.links
        async with info.context.transaction() as db:
            return await files.create_file_link(
                db, actor, file_id=file_id, new=new, links=links, now=now()
            )

    @strawberry.mutation(description="更改共享范围 / share a file", graphql_type=FileNode)
    async def share_file(
        self, info: Info[Context], file_id: UUID, change: FileSharingChangeInput
    ) -> Any:
        """Let a file of the actor's unit go further, or less far."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await files.share_file(db, actor, file_id=file_id, change=change)
