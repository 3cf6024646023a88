"""The change feed (变更流): everything that changed, in an order that a reader can follow and resume.

A row's change version is the transaction that wrote it last and a sequence within it. Transactions
end in another order than they begin, so the feed shows only versions below the oldest transaction
still running: what is behind the reader's cursor can no longer grow. A reader that stops and goes on
from `next` therefore sees every committed change at least once, each as the thing is when it is read;
a long writer delays the feed and never tears it.

A reader begins with a snapshot: everything there is, in the order of its versions, before the position
at which it began; from there it follows. The cursor says what the reader is told of, units and kinds. Where
its grants have changed since, what was taken away is told as gone, and what was given is filled in, before
the feed goes on.

What leaves a reader's scope (a school that moves to another county, a teacher who goes there, a membership
that is believed no longer) is told as gone, by its key alone, with all that lies in it. What is new to a
reader is told whole: a teacher comes with the ledger, a group with its members.

`source` says what the feed knows of a kind, and `sources`, with `of_learning` and `of_quality`, has them all;
`views`, `learning_views` and `quality_views` have what is shown of some, `departures` what the database notes
for the feed, `coverage` cursors and what they cover, `unit_sets` sets of units that cursors name by a digest,
`positions` the statements, `change` what a change shows, `feed` what is told.
"""

from app.domain.exchange.changes.change import ChangesView, ChangeView
from app.domain.exchange.changes.coverage import CURSOR, LONGEST_CURSOR, Coverage, Filling, Position
from app.domain.exchange.changes.departures import Departure, Retelling
from app.domain.exchange.changes.epochs import (
    ChangeEpoch,
    EpochRaised,
    VersionsAhead,
    raise_change_epoch,
)
from app.domain.exchange.changes.feed import (
    LONGEST_READ,
    Part,
    list_changes,
    read_part,
)
from app.domain.exchange.changes.learning_views import (
    ChoiceChangeView,
    CourseClassChangeView,
    CourseRunChangeView,
    CourseVersionChangeView,
    MentorChangeView,
    MentorshipChangeView,
    ResourceChangeView,
    ResourceVersionChangeView,
    TopicChangeView,
    TopicMemberChangeView,
    TrainerChangeView,
)
from app.domain.exchange.changes.quality_views import (
    DocumentChangeView,
    RegulationChangeView,
    UnitEvaluationChangeView,
)
from app.domain.exchange.changes.source import ChangeKind
from app.domain.exchange.changes.sources import SOURCES
from app.domain.exchange.changes.unit_sets import (
    UnitSet,
    keep_coverage,
    keep_units,
    read_position,
    tidy_unit_sets,
)
from app.domain.exchange.changes.views import (
    ClaimChangeView,
    EnrolmentChangeView,
    MembershipView,
    StaffChangeView,
)

__all__ = [
    "CURSOR",
    "LONGEST_CURSOR",
    "LONGEST_READ",
    "SOURCES",
    "ChangeEpoch",
    "ChangeKind",
    "ChangeView",
    "ChangesView",
    "ChoiceChangeView",
    "ClaimChangeView",
    "CourseClassChangeView",
    "CourseRunChangeView",
    "CourseVersionChangeView",
    "Coverage",
    "Departure",
    "DocumentChangeView",
    "EnrolmentChangeView",
    "EpochRaised",
    "Filling",
    "MembershipView",
    "MentorChangeView",
    "MentorshipChangeView",
    "Part",
    "Position",
    "RegulationChangeView",
    "ResourceChangeView",
    "ResourceVersionChangeView",
    "Retelling",
    "StaffChangeView",
    "TopicChangeView",
    "TopicMemberChangeView",
    "TrainerChangeView",
    "UnitEvaluationChangeView",
    "UnitSet",
    "VersionsAhead",
    "keep_coverage",
    "keep_units",
    "list_changes",
    "raise_change_epoch",
    "read_part",
    "read_position",
    "tidy_unit_sets",
]
