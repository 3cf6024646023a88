"""Archives over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.people import teachers
from app.domain.quality import archive_volumes
from app.domain.quality.archive_volumes import (
    ArchiveCheck,
    ArchiveHold,
    ArchiveKind,
    ArchiveKindView,
    ArchivePieceView,
    ArchiveVolumeView,
    NewArchiveVolume,
    PieceKind,
    VolumeState,
)
from app.domain.training import files
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(archive_volumes.ARCHIVE_VOLUMES, name="ArchiveVolume", description="案卷 / a volume")
class ArchiveVolumeNode(Node, ArchiveVolumeView):
    """A volume, its school and, of a growth file, its teacher."""

    school = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="school_id",
        description="学校 / school",
    )
    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / teacher",
    )


@node(archive_volumes.ARCHIVE_PIECES, name="ArchivePiece", description="件 / a line of the index")
class ArchivePieceNode(Node, ArchivePieceView):
    """A piece and its file."""

    file = edge(
        files.files_by_id,
        lazy("app.graphql.training.files", "FileNode"),
        many=False,
        keys="file_ids",
        key="file_id",
        description="附件 / its file, where one may open it",
    )


@strawberry.pydantic.type(name="ArchiveKindLine", description="归档范围 / a line of the catalogue")
class ArchiveKindNode(ArchiveKindView):
    """A line of the catalogue."""


@strawberry.pydantic.input(name="NewArchiveVolume")
class NewArchiveVolumeInput(NewArchiveVolume):
    """Of which school year a volume is opened."""


@strawberry.pydantic.input(name="ArchiveCheck")
class ArchiveCheckInput(ArchiveCheck):
    """Whether a volume is complete and in order."""


@strawberry.pydantic.input(name="ArchiveHold")
class ArchiveHoldInput(ArchiveHold):
    """Why a volume must not be destroyed."""


@strawberry.type
class ArchiveVolumeQueries:
    """What may be asked about archives."""

    @strawberry.field(description="归档范围 / what is filed", graphql_type=list[ArchiveKindNode])
    async def archive_kinds(self, info: Info[Context]) -> Any:
        """What is filed in which archive, and for how long."""
        actor = info.context.actor
        return await info.context.read(lambda db: archive_volumes.list_archive_kinds(db, actor))

    @strawberry.field(description="案卷 / a volume", graphql_type=ArchiveVolumeNode)
    async def archive_volume(self, info: Info[Context], volume_id: UUID) -> Any:
        """One volume, with its seal."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: archive_volumes.get_archive_volume(db, actor, volume_id=volume_id)
        )

    @strawberry.field(description="案卷 / volumes", graphql_type=Connection[ArchiveVolumeNode])
    async def archive_volumes(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        school_id: UUID | None = None,
        teacher_id: UUID | None = None,
        kind: ArchiveKind | None = None,
        school_year: int | None = None,
        state: VolumeState | None = None,
        expired: bool | None = None,
    ) -> Any:
        """The volumes of the actor's place, and one's own (`school_year`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: archive_volumes.list_archive_volumes(
                db, actor, page=page, school_id=school_id, teacher_id=teacher_id, kind=kind,
                school_year=school_year, state=state, expired=expired,
            ),
        )  # fmt: skip

    @strawberry.field(description="卷内目录 / the index", graphql_type=Connection[ArchivePieceNode])
    async def archive_pieces(
        self,
        info: Info[Context],
        volume_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: PieceKind | None = None,
    ) -> Any:
        """The index of a volume (`number`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: archive_volumes.list_archive_pieces(
                db, actor, volume_id=volume_id, page=page, kind=kind
            ),
        )


@strawberry.type
class ArchiveVolumeMutations:
    """What may be done about archives."""

    @strawberry.mutation(description="学校立卷 / open a school's", graphql_type=ArchiveVolumeNode)
    async def open_school_volume(
        self, info: Info[Context], unit_id: UUID, new: NewArchiveVolumeInput
    ) -> Any:
        """Open a volume of a school's archive, or a supplement."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await archive_volumes.open_school_volume(
                db, actor, unit_id=unit_id, new=new, now=now()
            )

    @strawberry.mutation(description="教师立卷 / open a teacher's", graphql_type=ArchiveVolumeNode)
    async def open_growth_volume(
        self, info: Info[Context], teacher_id: UUID, new: NewArchiveVolumeInput
    ) -> Any:
        """Open a volume of a teacher's growth file, or a supplement."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await archive_volumes.open_growth_volume(
                db, actor, teacher_id=teacher_id, new=new, now=now()
            )

    @strawberry.mutation(description="归集材料 / put together", graphql_type=ArchiveVolumeNode)
    async def assemble_archive_volume(self, info: Info[Context], volume_id: UUID) -> Any:
        """Put a volume together from the records, or anew until it has been checked."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await archive_volumes.assemble_archive_volume(
                db, actor, volume_id=volume_id, now=now()
            )

    @strawberry.mutation(description="检查案卷 / check", graphql_type=ArchiveVolumeNode)
    async def check_archive_volume(
        self, info: Info[Context], volume_id: UUID, check: ArchiveCheckInput
    ) -> Any:
        """Pass a volume that somebody else put together, or send it back."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await archive_volumes.check_archive_volume(
                db, actor, volume_id=volume_id, check=check, now=now()
            )

    @strawberry.mutation(description="封卷 / seal", graphql_type=ArchiveVolumeNode)
    async def seal_archive_volume(self, info: Info[Context], volume_id: UUID) -> Any:
        """Sign the hashes of all pieces: nothing in the volume changes from now on."""
        actor, held = info.context.actor, info.context.held
        async with info.context.transaction() as db:
            return await archive_volumes.seal_archive_volume(
                db, actor, volume_id=volume_id, signer=held.signer,
                issuer=held.credential_issuer, now=now(),
            )  # fmt: skip

    @strawberry.mutation(description="暂停或恢复销毁 / hold", graphql_type=ArchiveVolumeNode)
    async def hold_archive_volume(
        self, info: Info[Context], volume_id: UUID, hold: ArchiveHoldInput
    ) -> Any:
        """Keep a volume from being destroyed, or lift that."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await archive_volumes.hold_archive_volume(
                db, actor, volume_id=volume_id, hold=hold, now=now()
            )
