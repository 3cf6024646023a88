"""What a resource is: its fields, and its tables with those of its versions and uses."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Computed,
    Index,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, Versioned, key, place_constraints, text_enum
from app.domain.learning.resources.vocabulary import (
    ResourceKind,
    ResourceLicence,
    ResourceSharing,
)
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject


class ResourceFields(BaseModel):
    """What a resource is, for whom, and what others may do with it."""

    title: str = Field(min_length=1, max_length=200, description="名称 / title")
    kind: ResourceKind = Field(description="类型 / kind", sa_type=text_enum(ResourceKind))
    subject: Subject | None = Field(
        default=None,
        description="学科，不限时为空 / subject, null for all",
        sa_type=text_enum(Subject),
    )
    stage: Stage | None = Field(
        default=None, description="学段，不限时为空 / stage, null for all", sa_type=text_enum(Stage)
    )
    summary: str | None = Field(
        default=None, min_length=1, max_length=1000, description="简介 / what it is about"
    )
    licence: ResourceLicence = Field(
        description="使用许可 / what others may do with it", sa_type=text_enum(ResourceLicence)
    )


class Resource(ResourceFields, Placed, Versioned, Table, table=True):
    """A resource, placed by the unit that keeps it, with what is published of it to others."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("(sharing = 'network') = (network_id IS NOT NULL)", name="network"),
        CheckConstraint(
            "num_nonnulls(asked_sharing, asked_at, asked_by) IN (0, 3)", name="sharing_asked"
        ),
        CheckConstraint("waiting_version IS NULL OR asked_at IS NOT NULL", name="version_waits"),
        *(Index(None, name, "id") for name in ("unit_id", "school_id", "county_id", "city_id")),
        Index(None, "grams", postgresql_using="gin"),
        Index(None, "offered_to", "id", postgresql_where=text("offered_to IS NOT NULL")),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    plain_title: str = Field(max_length=200)
    grams: list[str] = Field(sa_type=ARRAY(Text))
    sharing: ResourceSharing = Field(sa_type=text_enum(ResourceSharing))
    network_id: UUID | None = Field(default=None, foreign_key="network.id", sa_type=Uuid)
    offered_to: UUID | None = Field(
        default=None,
        sa_type=Uuid,
        sa_column_args=(
            Computed(
                "CASE WHEN retired_on IS NOT NULL THEN NULL"
                " WHEN sharing = 'city' THEN city_id WHEN sharing = 'county' THEN county_id"
                " WHEN sharing = 'network' THEN network_id ELSE school_id END",
                persisted=True,
            ),
        ),
    )
    """The unit or the network whose people all find it; of a bureau's own nobody, for all are below it."""
    version: int
    waiting_version: int | None = None
    """Of a resource that is shared: the one that is to take the place of its present version."""
    added_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    added_at: datetime = Field(sa_type=MOMENT)
    teacher_id: UUID | None = Field(default=None, foreign_key="teacher.id", sa_type=Uuid)
    asked_sharing: ResourceSharing | None = Field(
        default=None, sa_type=text_enum(ResourceSharing, suffix="_asked")
    )
    asked_network_id: UUID | None = Field(default=None, foreign_key="network.id", sa_type=Uuid)
    asked_at: datetime | None = Field(default=None, sa_type=MOMENT)
    asked_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    opinion: str | None = Field(default=None, max_length=500)
    retired_on: date | None = None


class ResourceVersion(Versioned, Table, table=True):
    """What a resource is in one version: a file, an address, or where it stands on a shelf."""

    __table_args__ = (
        UniqueConstraint("resource_id", "number"),
        CheckConstraint("num_nonnulls(file_id, link, shelf) >= 1", name="is_somewhere"),
        Index(None, "file_id", postgresql_where=text("file_id IS NOT NULL")),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    resource_id: UUID = Field(foreign_key="resource.id", sa_type=Uuid)
    number: int
    file_id: UUID | None = Field(default=None, foreign_key="file.id", sa_type=Uuid)
    link: str | None = Field(default=None, max_length=500)
    shelf: str | None = Field(default=None, max_length=100)
    changes: str | None = Field(default=None, max_length=500)
    added_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    added_at: datetime = Field(sa_type=MOMENT)
    refused_at: datetime | None = Field(default=None, sa_type=MOMENT)


class ResourceUse(Table, table=True):
    """That an account used a resource on a day, however often on it."""

    __table_args__ = (
        PrimaryKeyConstraint("resource_id", "used_on", "account_id"),
        Index(None, "account_id", "used_on"),
    )

    resource_id: UUID = Field(foreign_key="resource.id", sa_type=Uuid)
    used_on: date
    account_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
