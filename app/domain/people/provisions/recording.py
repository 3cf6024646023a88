"""Recording provisions: a batch where it is made, what applications read as the sums of a day."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    Boolean,
    Date,
    Integer,
    Text,
    Uuid,
    bindparam,
    func,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.clients import Client
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date, text_enum
from app.domain.people.provisions.provision import (
    DataCategory,
    LegalBasis,
    Provision,
    Reader,
    Recipient,
    categories_of,
)
from app.sql import Connection, Row, Statement, new_id

# What may be done.

PROVINCE_NAME = "省级教师继续教育平台"
PROVINCE_PURPOSE = "按规定上报继续教育学分"


async def record_batch_provision(
    db: Connection,
    *,
    batch: Row,
    people: int,
    now: datetime,
    categories: Sequence[DataCategory] = (DataCategory.CREDITS,),
) -> None:
    """Record that the province is given a batch, or a submission, of a city; a part of making it."""
    row = {
        "city_id": batch["city_id"],
        "county_id": batch["city_id"],
        "recipient": Recipient.PROVINCE,
        "recipient_name": PROVINCE_NAME,
        "purpose": PROVINCE_PURPOSE,
        "legal_basis": LegalBasis.STATUTORY_DUTY,
        "categories": list(categories),
        "scope": Permission.PROVINCE_EXCHANGE,
        "people": people,
        "source_id": batch["id"],
    }
    await _record_once(db, row, now)


async def record_growth_provision(
    db: Connection,
    *,
    release: Row,
    place: Row,
    categories: Sequence[DataCategory],
    now: datetime,
) -> None:
    """Record that a growth file, or parts of it, went where its person let it go; a part of that."""
    row = {
        "city_id": place["city_id"],
        "county_id": place["county_id"],
        "recipient": Recipient.AUTHORITY,
        "recipient_name": release["recipient_name"],
        "purpose": release["purpose"],
        "legal_basis": LegalBasis.CONSENT,
        "categories": list(categories),
        "scope": None,
        "people": 1,
        "source_id": release["id"],
    }
    await _record_once(db, row, now)


async def _record_once(db: Connection, what: Row, now: datetime) -> None:
    """Record what left at one moment, and not by being read by an application."""
    times = {"day": civil_date(now), "times": 1, "last_at": now}
    nobodys = {"school_id": None, "client_id": None}
    await db.insert(Provision, {"id": new_id(), **what, **nobodys, **times})


def _record_reads() -> Statement:
    """One application, one scope: the sum of the day is raised, or begun as the register now says."""
    for_person = bindparam("for_person", type_=Boolean)
    values = {
        "id": bindparam("provision_id", type_=Uuid),
        **{name: col(getattr(Account, name)) for name in PLACE},
        "recipient": literal_column(f"'{Recipient.APPLICATION}'"),
        "recipient_name": func.left(
            func.concat_ws(" / ", col(Account.display_name), col(Client.organisation)), 200
        ),
        "purpose": func.coalesce(col(Client.purpose), ""),
        "legal_basis": bindparam("legal_basis", type_=text_enum(LegalBasis)),
        "categories": bindparam("categories", type_=ARRAY(Text)),
        "client_id": col(Account.id),
        "scope": bindparam("scope", type_=Text),
        "day": bindparam("day", type_=Date),
        "times": bindparam("times", type_=Integer),
        "people": null(),
        "source_id": null(),
        "last_at": bindparam("now", type_=MOMENT),
        "for_person": for_person,
    }
    read = (
        select(*values.values())
        .select_from(Account)
        .outerjoin(Client, col(Client.id) == col(Account.id))
        .where(
            col(Account.id) == bindparam("of_client", type_=Uuid),
            col(Account.kind) == literal_column("'client'"),
        )
    )
    added = insert(Provision).from_select(list(values), read, include_defaults=False)
    return Statement(
        added.on_conflict_do_update(
            index_elements=["client_id", "scope", "day", "for_person"],
            set_={
                "times": col(Provision.times) + added.excluded.times,
                "last_at": added.excluded.last_at,
            },
        )
    )


_RECORD_READS = _record_reads()


async def record_reads(
    db: Connection, *, reads: Mapping[Reader, Mapping[Permission, int]], now: datetime
) -> None:
    """Add to the day's sums how often applications have read with which scopes."""
    for reader, scopes in sorted(reads.items()):
        for scope, times in sorted(scopes.items()):
            categories = categories_of(scope)
            if categories:
                await db.run(
                    _RECORD_READS,
                    provision_id=new_id(),
                    of_client=reader.client_id,
                    for_person=reader.for_person,
                    legal_basis=LegalBasis.CONSENT if reader.for_person else LegalBasis.ENTRUSTMENT,
                    categories=list(categories),
                    scope=scope,
                    day=civil_date(now),
                    times=times,
                    now=now,
                )
