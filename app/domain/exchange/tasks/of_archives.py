"""What waits in archives: volumes on their way to the seal, retentions that are over, releases to hand over."""

from typing import Any

from sqlalchemy import and_, cast, exists
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.base import MOMENT
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.places import above_unit_of, unit_of
from app.domain.exchange.tasks.waiting import TODAY, Waiting
from app.domain.quality.archive_destructions import ArchiveDestruction, DestructionState
from app.domain.quality.archive_volumes import ArchiveVolume, VolumeState
from app.domain.quality.growth_releases import GrowthRelease, ReleaseState

_PROPOSED = (
    exists()
    .where(
        col(ArchiveDestruction.volume_id) == col(ArchiveVolume.id),
        col(ArchiveDestruction.state) == DestructionState.PROPOSED,
    )
    .correlate(ArchiveVolume)
)


def _of_volume(kind: TaskKind, permission: Permission, **more: Any) -> Waiting:
    return Waiting(
        kind=kind,
        permission=permission,
        table=ArchiveVolume,
        title=col(ArchiveVolume.title),
        at=unit_of(ArchiveVolume),
        of=col(ArchiveVolume.teacher_id),
        **more,
    )


_ABOVE = above_unit_of(ArchiveVolume)


OF_ARCHIVES = (
    _of_volume(
        TaskKind.ARCHIVE_TO_ASSEMBLE,
        Permission.ARCHIVE_WRITE,
        since=col(ArchiveVolume.opened_at),
        above=_ABOVE,
        waits=col(ArchiveVolume.state) == VolumeState.OPENED,
    ),
    _of_volume(
        TaskKind.ARCHIVE_TO_CHECK,
        Permission.ARCHIVE_CHECK,
        since=col(ArchiveVolume.assembled_at),
        by=col(ArchiveVolume.assembled_by),
        above=_ABOVE,
        waits=col(ArchiveVolume.state) == VolumeState.ASSEMBLED,
    ),
    _of_volume(
        TaskKind.ARCHIVE_TO_SEAL,
        Permission.ARCHIVE_CHECK,
        since=col(ArchiveVolume.checked_at),
        above=_ABOVE,
        waits=col(ArchiveVolume.state) == VolumeState.CHECKED,
    ),
    # What may be destroyed may also stay: nobody above is told that it does.
    _of_volume(
        TaskKind.ARCHIVE_RETENTION_ENDED,
        Permission.ARCHIVE_WRITE,
        since=cast(col(ArchiveVolume.retained_until), MOMENT),
        waits=and_(
            col(ArchiveVolume.state) == VolumeState.SEALED,
            col(ArchiveVolume.retained_until) <= TODAY,
            col(ArchiveVolume.hold_reason).is_(None),
            ~_PROPOSED,
        ),
    ),
    Waiting(
        kind=TaskKind.ARCHIVE_DESTRUCTION_TO_DECIDE,
        permission=Permission.ARCHIVE_CHECK,
        table=ArchiveDestruction,
        rows=beside(
            ArchiveDestruction,
            ArchiveVolume,
            col(ArchiveDestruction.volume_id) == col(ArchiveVolume.id),
        ),
        title=col(ArchiveVolume.title),
        since=col(ArchiveDestruction.proposed_at),
        at=unit_of(ArchiveVolume),
        above=above_unit_of(ArchiveVolume),
        waits=col(ArchiveDestruction.state) == DestructionState.PROPOSED,
        by=col(ArchiveDestruction.proposed_by),
        of=col(ArchiveVolume.teacher_id),
    ),
    Waiting(
        kind=TaskKind.GROWTH_RELEASE_TO_HAND_OVER,
        permission=Permission.ARCHIVE_WRITE,
        table=GrowthRelease,
        title=col(GrowthRelease.recipient_name),
        since=col(GrowthRelease.given_at),
        due=col(GrowthRelease.valid_until),
        at=unit_of(GrowthRelease),
        above=above_unit_of(GrowthRelease),
        waits=and_(
            col(GrowthRelease.state) == ReleaseState.GIVEN,
            col(GrowthRelease.valid_until) >= TODAY,
        ),
        of=col(GrowthRelease.teacher_id),
    ),
)
"""All wait with the school that keeps the volume."""
