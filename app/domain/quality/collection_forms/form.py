"""What may be asked of forms and returns: their doors, and the cells of a return beside each other."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, any_, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.quality.collection_forms.mapping import FormCell, rows_of
from app.domain.quality.collection_forms.table import (
    CollectionForm,
    CollectionFormFields,
    FormReturn,
    FormReturnCell,
    FormReturnState,
)
from app.domain.quality.unit_evaluations.evaluation import of_county_or_bureau
from app.sql import Connection, Row, Statement


class CollectionFormView(CollectionFormFields):
    """A form as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="发表教育局 / bureau that issued it")
    city_id: UUID = Field(description="所属市 / city")
    file_id: UUID = Field(description="报表原件 / the workbook as it was uploaded")
    cells: list[FormCell] = Field(description="单元格对应关系 / which cell holds what")
    as_of: date = Field(description="取数日 / day as of which the cells were computed")
    issued_at: datetime = Field(description="下达时间 / when it was issued")
    closed_at: datetime | None = Field(description="截止汇总时间 / when it was closed")


class FormReturnView(BaseModel):
    """A school's return as both faces show it."""

    id: UUID = Field(description="标识 / key")
    form_id: UUID = Field(description="报表 / form")
    title: str = Field(description="报表名称 / title of the form")
    due_on: date = Field(description="确认期限 / last day for confirming")
    school_id: UUID = Field(description="学校 / school")
    city_id: UUID = Field(description="所属市 / city")
    by_unit_id: UUID = Field(description="发表教育局 / bureau that issued the form")
    state: FormReturnState = Field(description="状态 / how far it has come")
    confirmed_at: datetime | None = Field(description="确认时间 / when it was confirmed")
    sent_back_because: str | None = Field(description="退回原因 / why it was sent back")
    sent_back_at: datetime | None = Field(description="退回时间 / when it was sent back")


class FormReturnCellView(BaseModel):
    """A cell of a return: what was computed, and what the school states instead, side by side."""

    cell: str = Field(description="单元格 / address")
    label: str = Field(description="名目 / what it is called")
    measure: str = Field(description="计量项或登记数代码 / what fills it")
    numerator: int | None = Field(description="分子，或计数 / numerator, or what was counted")
    denominator: int | None = Field(description="分母，非百分比为空 / denominator of a share")
    computed: Decimal | None = Field(
        description="计算值 / computed, null where nothing computes it"
    )
    stated: Decimal | None = Field(description="学校填报值，与计算值相同时为空 / stated instead")
    reason: str | None = Field(description="不一致的原因 / why it differs")
    value: Decimal | None = Field(description="采用值 / what counts: stated, or else computed")
    rows: str | None = Field(description="明细所在地址 / address of the rows behind it")


# What can be refused.


class CollectionFormNotFound(NotFound):
    """There is no such form for the one who asks."""

    code = "collection_form_not_found"
    zh = "未找到该报表。"
    en = "There is no such collection form."


class FormReturnNotFound(NotFound):
    """There is no such return for the one who asks."""

    code = "form_return_not_found"
    zh = "未找到该报表填报。"
    en = "There is no such return of a form."


# What may be asked.

COLLECTION_FORMS = Door(
    table=CollectionForm,
    view=CollectionFormView,
    read=Permission.GUIDANCE_READ,
    missing=CollectionFormNotFound,
    audience=lambda audience: col(CollectionForm.unit_id) == any_(audience),
    filters={
        "unit_id": col(CollectionForm.unit_id),
        "closed": lambda closed: col(CollectionForm.closed_at).is_not(None) == closed,
    },
    sorts={"due_on": (col(CollectionForm.due_on),), "created": ()},
)
"""Forms, read by everybody below the bureau that issued them."""
FORM_RETURNS = Door(
    table=FormReturn,
    view=FormReturnView,
    read=Permission.GUIDANCE_READ,
    missing=FormReturnNotFound,
    places={"county_id": of_county_or_bureau(FormReturn)},
    computed={name: col(getattr(CollectionForm, name)) for name in ("title", "due_on")},
    joined=FormReturn.__table__.join(  # type: ignore[attr-defined]
        CollectionForm.__table__,  # type: ignore[attr-defined]
        col(FormReturn.form_id) == col(CollectionForm.id),
    ),
    filters={
        "form_id": col(FormReturn.form_id),
        "school_id": col(FormReturn.school_id),
        "state": col(FormReturn.state),
    },
    sorts={"created": (), "due_on": (col(CollectionForm.due_on),)},
)
"""Returns, seen where the school lies, and by the bureau that issued the form."""


async def get_collection_form(db: Connection, actor: Actor, *, form_id: UUID) -> Row:
    """One form, of the actor's place or of a bureau at or above it."""
    return await COLLECTION_FORMS.get(db, actor, form_id)


async def list_collection_forms(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    closed: bool | None = None,
) -> Page:
    """The forms of the bureaux at and above the actor, the first due first."""
    filters = {"unit_id": unit_id, "closed": closed}
    return await COLLECTION_FORMS.page(db, actor, page, filters=filters, published=True)


async def collection_forms_by_id(
    db: Connection, actor: Actor, *, form_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many forms by their keys; None where the actor may not see one."""
    return await COLLECTION_FORMS.by_id(db, actor, form_ids, columns=columns)


async def get_form_return(db: Connection, actor: Actor, *, return_id: UUID) -> Row:
    """One return within the actor's reach."""
    return await FORM_RETURNS.get(db, actor, return_id)


async def list_form_returns(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    form_id: UUID | None = None,
    school_id: UUID | None = None,
    state: FormReturnState | None = None,
) -> Page:
    """The returns that the actor may see; of a form, those confirmed and those that are owed."""
    filters = {"form_id": form_id, "school_id": school_id, "state": state}
    return await FORM_RETURNS.page(db, actor, page, filters=filters)


async def form_returns_of(
    db: Connection,
    actor: Actor,
    *,
    form_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of the returns of each of many forms."""
    return await FORM_RETURNS.pages_of(
        db, actor, col(FormReturn.form_id), form_ids, page, columns=columns
    )


_CELLS = Statement(
    select(
        *(
            col(getattr(FormReturnCell, name))
            for name in ("cell", "numerator", "denominator", "computed", "stated", "reason")
        )
    ).where(col(FormReturnCell.return_id) == bindparam("return_id", type_=Uuid))
)
_FORM = Statement(
    select(col(CollectionForm.cells), col(CollectionForm.since), col(CollectionForm.until))
    .select_from(FormReturn)
    .join(CollectionForm, col(FormReturn.form_id) == col(CollectionForm.id))
    .where(col(FormReturn.id) == bindparam("return_id", type_=Uuid))
)


async def cells_of(db: Connection, *, return_id: UUID, school_id: UUID) -> list[Row]:
    """The cells of a return in the order of the form; the caller has opened its door."""
    asked = await db.one(_FORM, return_id=return_id) or {}
    kept = {row["cell"]: row for row in await db.all(_CELLS, return_id=return_id)}
    period = {"since": asked["since"], "until": asked["until"]}
    return [
        {
            **each,
            **kept[each["cell"]],
            "value": value_of(kept[each["cell"]]),
            "rows": rows_of(each["measure"], unit_id=school_id, **period),
        }
        for each in asked["cells"]
    ]


def value_of(row: Row) -> Any:
    """What counts of a cell: what the school states, or else what was computed."""
    return row["computed"] if row["stated"] is None else row["stated"]


async def list_form_return_cells(db: Connection, actor: Actor, *, return_id: UUID) -> list[Row]:
    """The cells of a return, computed and stated side by side, each with the rows behind it."""
    row = await FORM_RETURNS.get(db, actor, return_id)
    return await cells_of(db, return_id=return_id, school_id=row["school_id"])
