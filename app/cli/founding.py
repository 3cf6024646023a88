"""`yanxun found`: a city of one's own instead of the demo city, and the account that sets it up."""

import asyncio
import sys
from datetime import UTC, datetime

from pydantic import ValidationError

from app.cli.database import available, bring_up_to_date, pool_of_one
from app.cli.output import console
from app.domain.access.accounts import AccountKind, NewAccount, insert_account
from app.domain.access.audit import Provenance, record_act
from app.domain.access.grants import NewGrant, insert_grant
from app.domain.access.roles import Role
from app.domain.errors import Invalid
from app.domain.organisation.founding import NewCity, found_city
from app.domain.training.forms import load_forms
from app.domain.training.forms.shipped import shipped_forms
from app.request.refusals import field_errors
from app.request.secrets import new_secret_for
from app.settings import Settings, get_settings


class FoundingInvalid(Invalid):
    """What was given on the command line is outside its limits."""

    code = "founding_invalid"
    zh = "{field}：{message_zh}"
    en = "{field}: {message}"


def found(name: str, code: str | None, administrator: str) -> None:
    """Set up a city and its first administrator, whose password is printed this once."""
    with available(get_settings()) as settings:
        bring_up_to_date(settings)
        password = asyncio.run(found_with_administrator(settings, name, code, administrator))
    # An embedded server ends with the command; `run` starts it again and serves what is in it.
    start = f"{sys.argv[0]} {'serve' if get_settings().database_url else 'run'}"
    console.print(
        f"已建市：{name} / the city is set up\n\n"
        f"  账号 / account    {administrator}\n"
        f"  密码 / password   {password}\n"
        f"  启动 / start      {start}\n\n"
        "密码仅显示这一次；登录后请用 POST /api/v1/me/password 修改。\n"
        "The password is shown this once; change it at POST /api/v1/me/password.",
        markup=False,
    )


async def found_with_administrator(
    settings: Settings, name: str, code: str | None, administrator: str
) -> str:
    """Set up a city on a migrated database, and its first administrator; that account's password."""
    now = datetime.now(UTC)
    secret, stored = await new_secret_for(AccountKind.PERSON)
    async with pool_of_one(settings, statement_timeout=60) as pool, pool.transaction() as db:
        try:
            place = await found_city(db, new=NewCity(name=name, code=code), now=now)
            await load_forms(db, forms=shipped_forms(), now=now)
            new = NewAccount(
                name=administrator,
                display_name=administrator,
                role=Role.CITY_ADMIN,
                subject_id=place["id"],
            )
        except ValidationError as error:
            zh, en = (field_errors(error.errors(), language=each)[0] for each in ("zh", "en"))
            raise FoundingInvalid(
                field=en["field"], message=en["message"], message_zh=zh["message"]
            ) from None
        account_id = await insert_account(db, new=new, place=place, teacher_id=None, secret=stored)
        first = NewGrant(role=Role.CITY_ADMIN, subject_id=place["id"])
        await insert_grant(db, account_id=account_id, new=first, granted_by=None, now=now)
        await record_act(
            db, None, operation="found_city", target_id=place["id"], provenance=Provenance()
        )
    return secret
