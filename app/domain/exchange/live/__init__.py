"""What is followed as it happens (实时): the register of a session, and one's own notices and tasks.

Both are plain reads of what changed after a position. A position is a snapshot of the database: which
transactions a reader had seen, so that the next read tells each change after it once, whatever order
transactions end in, and leaves none out. Where a position means nothing any more (it is the first, the
database was restored, too much has changed) the read says `afresh`: whatever there is is to be read anew.

The database announces changes under `CHANNEL`, in the transaction that makes them and by keys alone;
`Followed` says whom an announcement concerns. An announcement is a hint: a reader that hears none, or one
too many, is told the same.
"""

from app.domain.exchange.live.announcements import CHANNEL, Followed, concerns
from app.domain.exchange.live.attendance import LiveAttendanceView, get_live_attendance
from app.domain.exchange.live.inbox import LiveInboxView, get_live_inbox
from app.domain.exchange.live.position import Position

__all__ = [
    "CHANNEL",
    "Followed",
    "LiveAttendanceView",
    "LiveInboxView",
    "Position",
    "concerns",
    "get_live_attendance",
    "get_live_inbox",
]
