"""Archives (档案): growth files of teachers and archives of schools, put together from the records.

In reading order: `vocabulary`, `catalogue` (what is filed, and for how long), `table`, `volume` (reading,
opening, holding), `source`, `of_school`, `of_teacher` (each kind from its records), `pieces` (reading them
again), `assembling` (putting together and checking), `sealing`.
"""

from app.domain.quality.archive_volumes.assembling import (
    ArchiveCheck,
    ArchiveCheckedByAssembler,
    ArchiveNothingToFile,
    assemble_archive_volume,
    check_archive_volume,
)
from app.domain.quality.archive_volumes.catalogue import (
    CATALOGUE,
    GROWTH_KINDS,
    ArchiveKindView,
    list_archive_kinds,
)
from app.domain.quality.archive_volumes.pieces import hash_of, pieces_in_order, spelt
from app.domain.quality.archive_volumes.sealing import (
    ArchivePieceAltered,
    retained_until,
    seal_archive_volume,
)
from app.domain.quality.archive_volumes.source import SCHOOL_NAME
from app.domain.quality.archive_volumes.table import ArchivePiece, ArchiveVolume, by_volume
from app.domain.quality.archive_volumes.vocabulary import (
    PIECE_WORDS,
    ArchiveKind,
    PieceKind,
    VolumeState,
)
from app.domain.quality.archive_volumes.volume import (
    ARCHIVE_PIECES,
    ARCHIVE_VOLUMES,
    ArchiveHold,
    ArchiveOfOneself,
    ArchivePieceNotFound,
    ArchivePieceView,
    ArchiveVolumeNotFound,
    ArchiveVolumeUnsealed,
    ArchiveVolumeView,
    ArchiveVolumeWrongState,
    ArchiveYearNotBegun,
    NewArchiveVolume,
    archive_volumes_by_id,
    get_archive_volume,
    hold_archive_volume,
    list_archive_pieces,
    list_archive_volumes,
    open_growth_volume,
    open_school_volume,
)

__all__ = [
    "ARCHIVE_PIECES",
    "ARCHIVE_VOLUMES",
    "CATALOGUE",
    "GROWTH_KINDS",
    "PIECE_WORDS",
    "SCHOOL_NAME",
    "ArchiveCheck",
    "ArchiveCheckedByAssembler",
    "ArchiveHold",
    "ArchiveKind",
    "ArchiveKindView",
    "ArchiveNothingToFile",
    "ArchiveOfOneself",
    "ArchivePiece",
    "ArchivePieceAltered",
    "ArchivePieceNotFound",
    "ArchivePieceView",
    "ArchiveVolume",
    "ArchiveVolumeNotFound",
    "ArchiveVolumeUnsealed",
    "ArchiveVolumeView",
    "ArchiveVolumeWrongState",
    "ArchiveYearNotBegun",
    "NewArchiveVolume",
    "PieceKind",
    "VolumeState",
    "archive_volumes_by_id",
    "assemble_archive_volume",
    "by_volume",
    "check_archive_volume",
    "get_archive_volume",
    "hash_of",
    "hold_archive_volume",
    "list_archive_kinds",
    "list_archive_pieces",
    "list_archive_volumes",
    "open_growth_volume",
    "open_school_volume",
    "pieces_in_order",
    "retained_until",
    "seal_archive_volume",
    "spelt",
]
