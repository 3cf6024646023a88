"""Which person a file means: by the ID number alone, which no row shows and no key gives away."""

from collections.abc import Sequence

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
_found = (
    select(
        col(_Registered.id_number_index).label("number_index"),
        *(
            col(getattr(Teacher, name))
            for name in (
                "id", "city_id", "county_id", "school_id", "birth_date", "name", "subject",
                "stage",
            )
        ),
        rank_today(col(Teacher.id)).label("rank"),
        posts_today(col(Teacher.id)).label("posts"),
    )
    # Under a number that was merged into another record, the other record is meant.
    .join_from(
        _Registered, Teacher,
        col(Teacher.id) == func.coalesce(col(_Registered.merged_into_id), col(_Registered.id)),
    )
    .where(
        col(_Registered.id_number_index)
        == any_(bindparam("indexes", type_=ARRAY(LargeBinary)))
    )
    .order_by(col(Teacher.id))
)  # fmt: skip
_FOUND = Statement(_found)
_HELD = Statement(_found.with_for_update(key_share=True, of=Teacher))
"""Nobody writes them meanwhile, or transfers them, which changes a key; others may refer to them."""


def identify_person(
    kind: IdKind, number: SecretStr, name: str | None, ground: Ground
) -> tuple[str, str]:
    """The key and the label of a person; refused where the number cannot be one."""
    plain = check_id_number(kind, number.get_secret_value(), today=civil_date(ground.now))
    label = f"{name or ''} {mask_id_number(plain)}".strip()
    return ground.cipher.blind_index(plain).hex(), label


async def people_known(db: Connection, *, keys: Sequence[str], lock: bool) -> dict[str, Row]:
    """The registered people among these keys, wherever; with `lock` held until the transaction ends."""
    indexes = [bytes.fromhex(key) for key in keys if key]
    rows = await db.all(_HELD if lock else _FOUND, indexes=indexes) if indexes else []
    return {row["number_index"].hex(): row for row in rows}
