"""Opening the report of a step: a link to its file."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.learning.topic_steps.step import TOPIC_STEPS, TopicStep
from app.domain.training.files import (
    File,
    FileLinks,
    NewFileLink,
    link_attached,
)
from app.sql import Connection, Row, Statement

_FILE_OF = Statement(
    select(col(File.id), col(File.sharing))
    .join_from(File, TopicStep, col(File.id) == col(TopicStep.file_id))
    .where(col(TopicStep.id) == bindparam("step_id", type_=Uuid))
)


async def create_topic_step_link(
    db: Connection,
    actor: Actor,
    *,
    step_id: UUID,
    new: NewFileLink,
    links: FileLinks,
    now: datetime,
) -> Row:
    """A link to the report of a step that the actor may see.

    A file that stays inside its unit is opened by those of the unit alone, here too.
    """
    await TOPIC_STEPS.get(db, actor, step_id)
    file = await db.one(_FILE_OF, step_id=step_id)
    return await link_attached(db, actor, file=file, new=new, links=links, now=now)
