"""What the database notes for the feed: what has left a place, and what is to be told once more."""

from uuid import UUID

from sqlalchemy import BigInteger, Uuid, text
from sqlmodel import Field, SQLModel

from app.domain.base import Table, text_enum
from app.domain.exchange.changes.source import ChangeKind


class _Noted(SQLModel):
    """Of what it is noted, and in which order; written by triggers alone."""

    change_transaction: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs={"server_default": text("(pg_current_xact_id()::text::bigint)")},
    )
    change_sequence: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs={"server_default": text("nextval('change_sequence')")},
    )
    kind: ChangeKind = Field(sa_type=text_enum(ChangeKind))
    thing_id: UUID = Field(sa_type=Uuid)


class Departure(_Noted, Table, table=True):
    """That something left the place where it was, or is no more: a fact that is believed no longer, a
    record that became another's.

    `left_…` is that former place. With a unit goes everything in it, with a teacher all that is about
    the teacher, with a group its members: these are not told one by one.
    """

    left_city_id: UUID = Field(sa_type=Uuid)
    left_county_id: UUID = Field(sa_type=Uuid)
    left_school_id: UUID | None = Field(default=None, sa_type=Uuid)


class Retelling(_Noted, Table, table=True):
    """That something is told anew although its own row did not change.

    What is shown with it changed (an entry was reversed, a unit got a code), or it came to another
    place along with what it hangs from (the ledger of a teacher, the members of a group).
    """
