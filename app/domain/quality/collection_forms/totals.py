"""Adding a form up: each cell over all schools, what it is the sum of, and the form with the numbers in it.

A count is added up; persons of different schools are different persons. A share is divided anew from the
sums of its numerators and denominators; where a school states a share of its own it has no base, and the
whole has none.
"""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import String, Uuid, bindparam, func, or_, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.counts import percent_of
from app.domain.organisation.units import Unit
from app.domain.paging import Keyset, Page, PageRequest
from app.domain.quality.collection_forms.answering import FormCellUnknown
from app.domain.quality.collection_forms.form import (
    COLLECTION_FORMS,
    FORM_RETURNS,
    cells_of,
    value_of,
)
from app.domain.quality.collection_forms.mapping import is_share, rows_of
from app.domain.quality.collection_forms.table import (
    CollectionForm,
    FormReturn,
    FormReturnCell,
    FormReturnState,
)
from app.sql import Connection, Row, Statement
from app.tabular import Layout, filled_layout, position_of


class FormTotalView(BaseModel):
    """One cell over all schools of a form, or of one county of them."""

    cell: str = Field(description="单元格 / address")
    label: str = Field(description="名目 / what it is called")
    measure: str = Field(description="计量项或登记数代码 / what fills it")
    schools: int = Field(description="应报学校数 / schools that were asked")
    confirmed: int = Field(description="已确认学校数 / of them, those that confirmed")
    differing: int = Field(
        description="填报值与计算值不同的学校数 / those that state another value"
    )
    computed: Decimal | None = Field(description="计算值汇总 / what was computed, over all")
    numerator: int | None = Field(description="百分比的分子之和 / sum of numerators of a share")
    denominator: int | None = Field(description="百分比的分母之和 / sum of denominators of a share")
    value: Decimal | None = Field(
        description="已确认值汇总；百分比有学校另报而无基数时为空 / over those that confirmed"
    )
    base_missing: bool = Field(
        description="有学校另报百分比而无基数，不能汇总 / a share was stated without its base"
    )


class FormCellValueView(BaseModel):
    """What one school has in a cell of a form."""

    return_id: UUID = Field(description="填报 / return")
    school_id: UUID = Field(description="学校 / school")
    school_name: str = Field(description="学校名称 / name")
    state: FormReturnState = Field(description="状态 / how far the return has come")
    numerator: int | None = Field(description="分子，或计数 / numerator, or what was counted")
    denominator: int | None = Field(description="分母 / denominator of a share")
    computed: Decimal | None = Field(description="计算值 / computed")
    stated: Decimal | None = Field(description="学校填报值 / stated instead")
    reason: str | None = Field(description="不一致的原因 / why it differs")
    value: Decimal | None = Field(description="采用值 / what counts")
    rows: str | None = Field(description="明细所在地址 / address of the rows behind it")


# What may be asked.

_OF_FORM = (
    col(FormReturn.form_id) == bindparam("form_id", type_=Uuid),
    or_(
        bindparam("county_id", type_=Uuid).is_(None),
        col(FormReturn.county_id) == bindparam("county_id", type_=Uuid),
    ),
)
_confirmed = col(FormReturn.state) == FormReturnState.CONFIRMED
_value = func.coalesce(col(FormReturnCell.stated), col(FormReturnCell.computed))
_is_stated = col(FormReturnCell.stated).is_not(None)
_SUMS = Statement(
    select(
        col(FormReturnCell.cell),
        func.count().label("schools"),
        func.count().filter(_confirmed).label("confirmed"),
        func.count()
        .filter(_confirmed, _is_stated, col(FormReturnCell.computed).is_not(None))
        .label("differing"),
        func.count().filter(_confirmed, _is_stated).label("stated"),
        func.sum(col(FormReturnCell.computed)).label("computed"),
        func.sum(col(FormReturnCell.numerator)).label("numerator"),
        func.sum(col(FormReturnCell.denominator)).label("denominator"),
        func.sum(_value).filter(_confirmed).label("value"),
        func.sum(col(FormReturnCell.numerator)).filter(_confirmed).label("confirmed_numerator"),
        func.sum(col(FormReturnCell.denominator)).filter(_confirmed).label("confirmed_denominator"),
    )
    .join(FormReturn, col(FormReturnCell.return_id) == col(FormReturn.id))
    .where(*_OF_FORM)
    .group_by(col(FormReturnCell.cell))
)
_VALUES = Keyset(
    select(
        col(FormReturn.id).label("return_id"), col(FormReturn.school_id),
        col(Unit.name).label("school_name"), col(FormReturn.state),
        *(
            col(getattr(FormReturnCell, name))
            for name in ("numerator", "denominator", "computed", "stated", "reason")
        ),
    )
    .select_from(FormReturn)
    .join(FormReturnCell, col(FormReturnCell.return_id) == col(FormReturn.id))
    .join(Unit, col(Unit.id) == col(FormReturn.school_id))
    .where(*_OF_FORM, col(FormReturnCell.cell) == bindparam("cell", type_=String)),
    sort="school_name",
    keys={"school_name": str, "return_id": UUID},
)  # fmt: skip


async def _open(db: Connection, actor: Actor, form_id: UUID) -> Row:
    """A form whose numbers the actor may read: who was only asked sees none of the others' numbers."""
    form = await COLLECTION_FORMS.get(db, actor, form_id)
    place = {"city_id": form["city_id"], "county_id": form["unit_id"], "school_id": None}
    actor.require(Permission.GUIDANCE_READ, place)
    return form


async def list_form_totals(
    db: Connection, actor: Actor, *, form_id: UUID, county_id: UUID | None = None
) -> list[Row]:
    """Each cell of a form over its schools, or those of a county; one statement, however many."""
    return await _totals(db, await _open(db, actor, form_id), county_id)


async def _totals(db: Connection, form: Row, county_id: UUID | None = None) -> list[Row]:
    rows = await db.all(_SUMS, form_id=form["id"], county_id=county_id)
    sums = {row["cell"]: row for row in rows}
    return [_total(each, sums[each["cell"]]) for each in form["cells"] if each["cell"] in sums]


def _total(cell: dict[str, Any], sums: Row) -> Row:
    counted = {name: sums[name] for name in ("schools", "confirmed", "differing")}
    if not is_share(cell["measure"]):
        return {
            **cell, **counted, "computed": sums["computed"], "numerator": None,
            "denominator": None, "value": sums["value"], "base_missing": False,
        }  # fmt: skip
    value = _share(sums["confirmed_numerator"], sums["confirmed_denominator"])
    return {
        **cell, **counted, "computed": _share(sums["numerator"], sums["denominator"]),
        "numerator": sums["numerator"], "denominator": sums["denominator"],
        "value": None if sums["stated"] else value, "base_missing": sums["stated"] > 0,
    }  # fmt: skip


def _share(numerator: int | None, denominator: int | None) -> Decimal | None:
    return percent_of(numerator or 0, denominator or 0)


async def list_form_cell_values(
    db: Connection,
    actor: Actor,
    *,
    form_id: UUID,
    cell: str,
    page: PageRequest,
    county_id: UUID | None = None,
) -> Page:
    """What each school has in one cell of a form, by name, with the address of the rows behind it."""
    form = await _open(db, actor, form_id)
    mapped = next((each for each in form["cells"] if each["cell"] == cell), None)
    if mapped is None:
        raise FormCellUnknown(cell=cell[:10])
    period = {"since": form["since"], "until": form["until"]}
    given = {"form_id": form_id, "cell": cell, "county_id": county_id}
    found = await _VALUES.page(db, page, given)
    told = [
        {
            **row,
            "value": value_of(row),
            "rows": rows_of(mapped["measure"], unit_id=row["school_id"], **period),
        }
        for row in found.items
    ]
    return replace(found, items=told)


_LAYOUT = Statement(
    select(col(CollectionForm.layout)).where(
        col(CollectionForm.id) == bindparam("form_id", type_=Uuid)
    )
)


async def _filled(db: Connection, form_id: UUID, values: dict[str, Any]) -> bytes:
    layout = Layout.from_data(await db.value(_LAYOUT, form_id=form_id))
    placed = {position_of(cell) or (0, 0): value for cell, value in values.items()}
    # A form of as many cells as may be takes a tenth of a second.
    return await asyncio.to_thread(filled_layout, layout, placed)


async def get_collection_form_workbook(
    db: Connection, actor: Actor, *, form_id: UUID
) -> tuple[Row, bytes]:
    """The bureau's own sheet with what the schools confirmed, added up."""
    form = await _open(db, actor, form_id)
    totals = await _totals(db, form)
    return form, await _filled(db, form_id, {row["cell"]: row["value"] for row in totals})


async def get_form_return_workbook(
    db: Connection, actor: Actor, *, return_id: UUID
) -> tuple[Row, bytes]:
    """The bureau's own sheet with the values of one school."""
    row = await FORM_RETURNS.get(db, actor, return_id)
    cells = await cells_of(db, return_id=return_id, school_id=row["school_id"])
    return row, await _filled(db, row["form_id"], {each["cell"]: each["value"] for each in cells})
