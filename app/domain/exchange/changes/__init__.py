"""The change feed (变更流): everything that changed, in an order that a reader can follow and resume.

A row's change version is the transaction that wrote it last and a sequence within it. Transactions
end in another order than they begin, so the feed shows only versions below the oldest transaction
still running: what is behind the reader's cursor can no longer grow. A reader that stops and goes on
from `next` therefore sees every committed change at least once, each as the thing is when it is read;
a long writer delays the feed and never tears it.

What leaves a reader's scope (a school that moves to another county, a teacher who goes there) is told
as gone, by its key alone, with all that belongs to it; nothing is ever deleted. An entry of the ledger
keeps its version when its teacher moves, so a reader to whom a teacher is new asks for that teacher's
entries once.
"""

from app.domain.exchange.changes.departures import Departure
from app.domain.exchange.changes.epochs import (
    ChangeEpoch,
    EpochRaised,
    VersionsAhead,
    raise_change_epoch,
)
from app.domain.exchange.changes.feed import (
    LONGEST_READ,
    ChangesView,
    ChangeView,
    Position,
    list_changes,
)
from app.domain.exchange.changes.sources import SOURCES, ChangeKind

__all__ = [
    "LONGEST_READ",
    "SOURCES",
    "ChangeEpoch",
    "ChangeKind",
    "ChangeView",
    "ChangesView",
    "Departure",
    "EpochRaised",
    "Position",
    "VersionsAhead",
    "list_changes",
    "raise_change_epoch",
]
