"""Which person a file means: by the ID number alone, which no row shows and no key gives away."""

from collections.abc import Iterable
from functools import lru_cache

from pydantic import SecretStr
from sqlalchemy import ARRAY, LargeBinary, any_, bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.base import civil_date
from app.domain.exchange.imports.kind import Ground
from app.domain.people.facts.held import posts_today, rank_today
from app.domain.people.identity import IdKind, check_id_number, mask_id_number
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement

_Registered = aliased(Teacher)


@lru_cache(maxsize=4)
def _found(*, careers: bool, lock: bool) -> Statement:
    """Those with these numbers; with `lock` nobody writes them meanwhile, or transfers them.

    A transfer changes a key; others may refer to them.
    """
    names = ("id", "city_id", "county_id", "school_id", "birth_date", "name", "subject", "stage")
    held = (
        rank_today(col(Teacher.id)).label("rank"),
        posts_today(col(Teacher.id)).label("posts"),
    )
    found = (
        select(
            col(_Registered.id_number_index).label("number_index"),
            *(col(getattr(Teacher, name)) for name in names),
            *(held if careers else ()),
        )
        # Under a number that was merged into another record, the other record is meant.
        .join_from(
            _Registered,
            Teacher,
            col(Teacher.id) == func.coalesce(col(_Registered.merged_into_id), col(_Registered.id)),
        )
        .where(
            col(_Registered.id_number_index) == any_(bindparam("indexes", type_=ARRAY(LargeBinary)))
        )
        .order_by(col(Teacher.id))
    )
    return Statement(found.with_for_update(key_share=True, of=Teacher) if lock else found)


def identify_person(
    kind: IdKind, number: SecretStr, name: str | None, ground: Ground
) -> tuple[str, str]:
    """The key and the label of a person; refused where the number cannot be one."""
    plain = check_id_number(kind, number.get_secret_value(), today=civil_date(ground.now))
    label = f"{name or ''} {mask_id_number(plain)}".strip()
    return ground.cipher.blind_index(plain).hex(), label


async def people_known(
    db: Connection, *, keys: Iterable[str], lock: bool, careers: bool = False
) -> dict[str, Row]:
    """The registered people among these keys, wherever; with `lock` held until the transaction ends.

    With `careers` the rank and the posts of today stand beside each.
    """
    # A file of careers names each person many times.
    indexes = [bytes.fromhex(key) for key in sorted(set(keys)) if key]
    rows = await db.all(_found(careers=careers, lock=lock), indexes=indexes) if indexes else []
    return {row["number_index"].hex(): row for row in rows}
