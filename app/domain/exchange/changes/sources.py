"""What the feed tells of: the kinds of things, and the doors by which each is read."""

from enum import StrEnum

from app.domain.access.doors import Door
from app.domain.credits.entries import ENTRIES
from app.domain.organisation.units import UNITS
from app.domain.people.teachers import TEACHERS
from app.domain.training.activities.activity import (
    ACTIVITIES,
)


class ChangeKind(StrEnum):
    """What has changed; also the name under which a change shows it."""

    UNIT = "unit"
    TEACHER = "teacher"
    ACTIVITY = "activity"
    CREDIT_ENTRY = "credit_entry"


SOURCES: dict[ChangeKind, Door] = {
    ChangeKind.UNIT: UNITS,
    ChangeKind.TEACHER: TEACHERS,
    ChangeKind.ACTIVITY: ACTIVITIES,
    ChangeKind.CREDIT_ENTRY: ENTRIES,
}
"""Where each kind is read."""
