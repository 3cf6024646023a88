"""What was provided to others and concerns oneself (与本人有关的对外提供).

A batch concerns whom it has entries of, a growth file whose it is. An application concerns a person on
the days on which that person had allowed it, and where it reads for itself in the place of the person's
bureaux.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, any_, or_, select
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.consents import Consent
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import civil_day
from app.domain.credits.entries.table import CreditEntry
from app.domain.exchange.batches import ProvinceBatch
from app.domain.exchange.submissions import ProvinceRecord
from app.domain.paging import Page, PageRequest
from app.domain.people.provisions import Provision, ProvisionNotFound, ProvisionView
from app.domain.people.teachers import Teacher
from app.domain.quality.growth_releases import GrowthRelease
from app.sql import Connection


def _in_batch(teacher_ids: Any) -> ColumnElement[bool]:
    """An entry of the person is in the batch that was provided."""
    recorded, written = col(CreditEntry.recorded_at), col(CreditEntry.change_transaction)
    begins, ends = col(ProvinceBatch.recorded_from), col(ProvinceBatch.recorded_to)
    entries = select(col(CreditEntry.id)).where(
        col(ProvinceBatch.id) == col(Provision.source_id),
        col(CreditEntry.teacher_id) == any_(teacher_ids),
        col(CreditEntry.city_id) == col(ProvinceBatch.city_id),
        written >= col(ProvinceBatch.from_transaction),
        written < col(ProvinceBatch.before_transaction),
        or_(begins.is_(None), and_(recorded >= begins, recorded < ends)),
    )
    return entries.correlate(Provision).exists()


def _in_submission(teacher_ids: Any) -> ColumnElement[bool]:
    """A record of the person is in the submission that was handed over."""
    records = select(col(ProvinceRecord.id)).where(
        col(ProvinceRecord.submission_id) == col(Provision.source_id),
        col(ProvinceRecord.teacher_id) == any_(teacher_ids),
    )
    return records.correlate(Provision).exists()


def _in_release(teacher_ids: Any) -> ColumnElement[bool]:
    """The person let it go: a growth file, or parts of it."""
    releases = select(col(GrowthRelease.id)).where(
        col(GrowthRelease.id) == col(Provision.source_id),
        col(GrowthRelease.teacher_id) == any_(teacher_ids),
    )
    return releases.correlate(Provision).exists()


def _allowed(teacher_ids: Any) -> ColumnElement[bool]:
    """The person had allowed the application on that day."""
    day, revoked = col(Provision.day), col(Consent.revoked_at)
    consents = (
        select(col(Consent.id))
        .join(Account, col(Account.id) == col(Consent.account_id))
        .where(
            col(Account.teacher_id) == any_(teacher_ids),
            col(Consent.client_id) == col(Provision.client_id),
            civil_day(col(Consent.given_at)) <= day,
            or_(revoked.is_(None), civil_day(revoked) >= day),
        )
    )
    return and_(col(Provision.for_person).is_(True), consents.correlate(Provision).exists())


def _of_bureaux(teacher_ids: Any) -> ColumnElement[bool]:
    """The application reads for itself, and answers to a bureau of the person."""
    bureau = col(Provision.county_id)
    people = select(col(Teacher.id)).where(
        col(Teacher.id) == any_(teacher_ids),
        or_(bureau == col(Teacher.county_id), bureau == col(Teacher.city_id)),
    )
    return and_(col(Provision.for_person).is_(False), people.correlate(Provision).exists())


def _concerns(teacher_ids: Any) -> ColumnElement[bool]:
    return or_(
        _in_batch(teacher_ids),
        _in_submission(teacher_ids),
        _in_release(teacher_ids),
        _allowed(teacher_ids),
        _of_bureaux(teacher_ids),
    )


PROVIDED = Door(
    table=Provision,
    view=ProvisionView,
    read=Permission.RECORD_OWN,
    missing=ProvisionNotFound,
    places={"teacher_id": _concerns},
    sorts={"day": (col(Provision.day),)},
)
"""Provisions by whom they concern, which is all that decides here."""


# What may be asked.


async def list_own_provisions(db: Connection, actor: Actor, *, page: PageRequest) -> Page:
    """What was provided to others and concerns the one who asks, the latest first."""
    latest_first = replace(page, sort=page.sort or "-day")
    return await PROVIDED.page(db, actor, latest_first)
