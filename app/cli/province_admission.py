"""`yanxun province admit`: the operator lets the province's application into a further city.

Administrators grant the role in their own city; no account of one city is seen by another's, so that
what spans cities is the operator's to grant.
"""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

from app.cli.database import migrated, pool_of_one
from app.cli.output import console
from app.cli.signing import NoSuchAccount
from app.domain.access.accounts import check_may_hold, raise_security_version
from app.domain.access.audit import Provenance, record_act
from app.domain.access.grants import GrantExists, NewGrant, insert_grant
from app.domain.access.roles import Role, SubjectKind
from app.domain.access.sign_in import actor_of_account, find_account
from app.domain.access.subjects import hold_subject
from app.domain.errors import Invalid
from app.settings import Settings, get_settings


class NotACityAtAll(Invalid):
    """The province is admitted to whole cities."""

    code = "province_admission_needs_city"
    zh = "省平台只能按市接入。"
    en = "The province is admitted to whole cities alone."


def admit(client: str, city: UUID) -> None:
    """Grant the role `province` over a further city to an application."""
    with migrated(get_settings()) as settings:
        asyncio.run(admit_client(settings, client, city, datetime.now(UTC)))
    console.print(f"已接入 / admitted: {client} → {city}", markup=False)


async def admit_client(settings: Settings, client: str, city_id: UUID, now: datetime) -> None:
    """Grant it in one transaction, recorded as the operator's act."""
    async with pool_of_one(settings, statement_timeout=60) as pool, pool.transaction() as db:
        account = await find_account(db, name=client)
        if account is None:
            raise NoSuchAccount(name=client)
        check_may_hold(account["kind"], Role.PROVINCE)
        place, _ = await hold_subject(db, kind=SubjectKind.UNIT, subject_id=city_id)
        if place["city_id"] != city_id:
            raise NotACityAtAll
        held = (await actor_of_account(db, account=account, now=now)).grants
        if any((each.role, each.subject_id) == (Role.PROVINCE, city_id) for each in held):
            raise GrantExists
        about = {"account_id": account["id"], "now": now}
        new = NewGrant(role=Role.PROVINCE, subject_id=city_id)
        grant_id = await insert_grant(db, new=new, granted_by=None, **about)
        await raise_security_version(db, **about)
        provenance = Provenance()
        await record_act(
            db, None, operation="admit_province", target_id=grant_id, provenance=provenance
        )
