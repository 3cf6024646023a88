"""Archives over REST: volumes of schools and of growth files, from their opening to their seal."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
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
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/archive-kinds", operation_id="list_archive_kinds", response_model=list[ArchiveKindView]
)
async def list_archive_kinds(db: Reading, actor: CurrentActor) -> Response:
    """What is filed in which archive, and for how long."""
    return answer(await archive_volumes.list_archive_kinds(db, actor))


@router.get(
    "/archive-volumes",
    operation_id="list_archive_volumes",
    response_model=PageOf[ArchiveVolumeView],
)
async def list_archive_volumes(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    kind: Annotated[ArchiveKind | None, Query(description="档案类别 / whose archive")] = None,
    school_year: Annotated[int | None, Query(description="学年 / school year")] = None,
    state: Annotated[VolumeState | None, Query(description="状态 / state")] = None,
    expired: Annotated[
        bool | None, Query(description="保管期是否已满 / whether the retention is over")
    ] = None,
) -> Response:
    """The volumes of the actor's place, and one's own (`school_year`, `created`)."""
    found = await archive_volumes.list_archive_volumes(
        db, actor, page=page, school_id=school_id, teacher_id=teacher_id, kind=kind,
        school_year=school_year, state=state, expired=expired,
    )  # fmt: skip
    return answer_page(request, found, fields)


@router.get(
    "/archive-volumes/{volume_id}",
    operation_id="get_archive_volume",
    response_model=ArchiveVolumeView,
)
async def get_archive_volume(db: Reading, actor: CurrentActor, volume_id: UUID) -> Response:
    """One volume, with its seal."""
    return answer(await archive_volumes.get_archive_volume(db, actor, volume_id=volume_id))


@router.get(
    "/archive-volumes/{volume_id}/pieces",
    operation_id="list_archive_pieces",
    response_model=PageOf[ArchivePieceView],
)
async def list_archive_pieces(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    volume_id: UUID,
    page: PageParameters,
    fields: Fields,
    kind: Annotated[PieceKind | None, Query(description="材料类别 / kind")] = None,
) -> Response:
    """The index of a volume (`number`)."""
    found = await archive_volumes.list_archive_pieces(
        db, actor, volume_id=volume_id, page=page, kind=kind
    )
    return answer_page(request, found, fields)


@router.post(
    "/units/{unit_id}/archive-volumes",
    operation_id="open_school_volume",
    response_model=ArchiveVolumeView,
    status_code=201,
)
async def open_school_volume(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewArchiveVolume
) -> Response:
    """Open a volume of a school's archive, or a supplement to what is sealed of that year."""
    row = await archive_volumes.open_school_volume(db, actor, unit_id=unit_id, new=new, now=now())
    return answer(row, 201)


@router.post(
    "/teachers/{teacher_id}/archive-volumes",
    operation_id="open_growth_volume",
    response_model=ArchiveVolumeView,
    status_code=201,
)
async def open_growth_volume(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewArchiveVolume
) -> Response:
    """Open a volume of a teacher's growth file, or a supplement to what is sealed of that year."""
    row = await archive_volumes.open_growth_volume(
        db, actor, teacher_id=teacher_id, new=new, now=now()
    )
    return answer(row, 201)


@router.post(
    "/archive-volumes/{volume_id}/assemble",
    operation_id="assemble_archive_volume",
    response_model=ArchiveVolumeView,
)
async def assemble_archive_volume(
    db: Transaction, actor: CurrentActor, volume_id: UUID
) -> Response:
    """Put a volume together from the records, or anew until it has been checked."""
    row = await archive_volumes.assemble_archive_volume(db, actor, volume_id=volume_id, now=now())
    return answer(row)


@router.post(
    "/archive-volumes/{volume_id}/check",
    operation_id="check_archive_volume",
    response_model=ArchiveVolumeView,
)
async def check_archive_volume(
    db: Transaction, actor: CurrentActor, volume_id: UUID, check: ArchiveCheck
) -> Response:
    """Pass a volume that somebody else put together, or send it back."""
    row = await archive_volumes.check_archive_volume(
        db, actor, volume_id=volume_id, check=check, now=now()
    )
    return answer(row)


@router.post(
    "/archive-volumes/{volume_id}/seal",
    operation_id="seal_archive_volume",
    response_model=ArchiveVolumeView,
)
async def seal_archive_volume(
    request: Request, db: Transaction, actor: CurrentActor, volume_id: UUID
) -> Response:
    """Sign the hashes of all pieces: nothing in the volume changes from now on."""
    held = resources(request)
    row = await archive_volumes.seal_archive_volume(
        db, actor, volume_id=volume_id, signer=held.signer, issuer=held.credential_issuer, now=now()
    )
    return answer(row)


@router.post(
    "/archive-volumes/{volume_id}/hold",
    operation_id="hold_archive_volume",
    response_model=ArchiveVolumeView,
)
async def hold_archive_volume(
    db: Transaction, actor: CurrentActor, volume_id: UUID, hold: ArchiveHold
) -> Response:
    """Keep a volume from being destroyed, or lift that."""
    row = await archive_volumes.hold_archive_volume(
        db, actor, volume_id=volume_id, hold=hold, now=now()
    )
    return answer(row)
