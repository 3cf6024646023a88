"""Closing an activity (结束活动): what ends with it, and what begins.

It stands above the activities and above what hangs on their end, and is the one way to close one.
"""

from datetime import datetime
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.training.activities import conclude_activity
from app.domain.training.doubts import find_doubts
from app.domain.training.evaluations import open_evaluation
from app.sql import Connection, Row

# What may be done.


async def close_activity(db: Connection, actor: Actor, *, activity_id: UUID, now: datetime) -> Row:
    """Close a held activity: its attendance is final, and credits may be recognised.

    What is in doubt about its attendance is put up, its evaluation opens, its summary is asked for.
    """
    activity = await conclude_activity(db, actor, activity_id=activity_id, now=now)
    await find_doubts(db, activity_id=activity_id, now=now)
    await open_evaluation(db, actor, activity=activity, now=now)
    return activity
