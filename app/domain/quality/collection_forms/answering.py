"""Answering a form: the school confirms, the bureau sends back what it doubts, and closes the form."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy import ARRAY, String, Uuid, bindparam, column, func, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import speaks_for
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.quality.collection_forms.form import (
    COLLECTION_FORMS,
    FORM_RETURNS,
    cells_of,
)
from app.domain.quality.collection_forms.mapping import MOST_CELLS, CellAddress, is_share
from app.domain.quality.collection_forms.table import (
    VALUE,
    CollectionForm,
    FormReturn,
    FormReturnCell,
    FormReturnState,
)
from app.sql import Connection, Row, Statement


class FormCellAnswer(Command):
    """What a school states of a cell instead of what was computed, and why."""

    cell: CellAddress = Field(description="单元格 / address of the cell")
    value: Decimal = Field(
        ge=0, le=1_000_000_000, max_digits=12, decimal_places=2, description="填报值 / value"
    )
    reason: str | None = Field(
        default=None, min_length=1, max_length=500,
        description="与计算值不同的原因 / why it is not what was computed",
    )  # fmt: skip


class FormConfirmation(Command):
    """That a return is right: cells that are not named are as computed."""

    cells: list[FormCellAnswer] = Field(
        default_factory=list, max_length=MOST_CELLS, description="另行填报的单元格 / cells stated"
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({each.cell for each in self.cells}) < len(self.cells):
            raise Unfit("单元格不能重复。", "A cell stands once.")
        return self


class FormSendingBack(Command):
    """Why a return is to be looked at again."""

    reason: str = Field(min_length=1, max_length=1000, description="退回原因 / why")


# What can be refused.


class CollectionFormClosed(Conflict):
    """What was closed is added up, and changed no more."""

    code = "collection_form_closed"
    zh = "该报表已截止汇总。"
    en = "The form is closed."


class FormReturnWrongState(Conflict):
    """What is to be done belongs to another moment of the return."""

    code = "form_return_wrong_state"
    zh = "填报当前状态为“{state}”，不能执行此操作。"
    en = "The return is '{state}': this cannot be done with it now."


class FormAnsweredElsewhere(Invalid):
    """The school speaks for itself; nobody above it does."""

    code = "form_answered_elsewhere"
    zh = "报表只能由学校自己确认。"
    en = "Only the school itself confirms its return."


class FormWithoutStanding(Invalid):
    """Only the bureau that issued a form sends returns back and closes it."""

    code = "form_without_standing"
    zh = "此操作只能由发表的教育局进行。"
    en = "Only the bureau that issued the form does this."


class FormCellUnknown(Invalid):
    """The form has no such cell to be filled."""

    code = "form_cell_unknown"
    zh = "报表中没有可填的单元格 {cell}。"
    en = "The form has no cell {cell} to be filled."


class FormReasonMissing(Invalid):
    """Who states another value than was computed says why."""

    code = "form_reason_missing"
    zh = "单元格 {cell} 与计算值不同，须说明原因。"
    en = "Cell {cell} is stated otherwise than computed: say why."


class FormCellsMissing(Invalid):
    """What nothing computes is stated by the school."""

    code = "form_cells_missing"
    zh = "以下单元格须由学校填报：{cells}。"
    en = "These cells are for the school to state: {cells}."


class FormShareUnfit(Invalid):
    """A share of a hundred is not more than that."""

    code = "form_share_unfit"
    zh = "单元格 {cell} 是百分比，不能超过100。"
    en = "Cell {cell} is a share of a hundred: it is 100 at most."


# What may be done.

_FORM_OF = Statement(
    select(col(FormReturn.form_id)).where(col(FormReturn.id) == bindparam("return_id", type_=Uuid))
)
_HOLD_FORM = Statement(
    select(col(CollectionForm.closed_at))
    .where(col(CollectionForm.id) == bindparam("form_id", type_=Uuid))
    .with_for_update(read=True)
)


_said = (
    func.unnest(
        bindparam("cells", type_=ARRAY(String)),
        bindparam("values", type_=ARRAY(VALUE)),
        bindparam("reasons", type_=ARRAY(String)),
    )
    .table_valued(column("cell", String), column("value", VALUE), column("reason", String))
    .render_derived(name="said")
)
_STATE = Statement(
    update(FormReturnCell)
    .where(
        col(FormReturnCell.return_id) == bindparam("return_id", type_=Uuid),
        col(FormReturnCell.cell) == _said.c.cell,
    )
    .values(stated=_said.c.value, reason=_said.c.reason)
)


async def _hold(db: Connection, actor: Actor, return_id: UUID, right: Permission) -> Row:
    """A return, held after its form: that is not closed meanwhile. The form always comes first."""
    form_id = await db.value(_FORM_OF, return_id=return_id)
    held = await db.one(_HOLD_FORM, form_id=form_id)
    row = await FORM_RETURNS.get(db, actor, return_id, permission=right, lock=True)
    if held is None or held["closed_at"] is not None:
        raise CollectionFormClosed
    return row


async def confirm_form_return(
    db: Connection, actor: Actor, *, return_id: UUID, said: FormConfirmation, now: datetime
) -> Row:
    """Confirm a return for the school; until the form is closed a later word takes its place."""
    right = Permission.GUIDANCE_ANSWER
    row = await _hold(db, actor, return_id, right)
    if not speaks_for(actor, row["school_id"], right):
        raise FormAnsweredElsewhere
    cells = await cells_of(db, return_id=return_id, school_id=row["school_id"])
    answers = {each.cell: each for each in said.cells}
    for unknown in answers.keys() - {each["cell"] for each in cells}:
        raise FormCellUnknown(cell=unknown)
    _check_answers(cells, answers)
    stated = [_stated(each, answers.get(each["cell"])) for each in cells]
    columns = {name: [each[name] for each in stated] for name in ("cells", "values", "reasons")}
    await db.run(_STATE, return_id=return_id, **columns)
    confirmed = {
        "state": FormReturnState.CONFIRMED,
        "confirmed_at": now,
        "confirmed_by": actor.account_id,
    }
    await db.change(FormReturn, return_id, confirmed)
    return await FORM_RETURNS.get(db, actor, return_id)


def _check_answers(cells: list[Row], answers: dict[str, FormCellAnswer]) -> None:
    """Refuse what is stated without a reason, what is missing, and what cannot be."""
    missing = [
        each["cell"] for each in cells if each["computed"] is None and each["cell"] not in answers
    ]
    # A share of nothing has no value, and nobody can state one.
    owed = [
        each["cell"] for each in cells if each["cell"] in missing and not is_share(each["measure"])
    ]
    if owed:
        raise FormCellsMissing(cells="、".join(owed))
    for each in cells:
        answer = answers.get(each["cell"])
        if answer is None:
            continue
        if is_share(each["measure"]) and answer.value > 100:
            raise FormShareUnfit(cell=answer.cell)
        differs = each["computed"] is not None and answer.value != each["computed"]
        if differs and answer.reason is None:
            raise FormReasonMissing(cell=answer.cell)


def _stated(cell: Row, answer: FormCellAnswer | None) -> dict[str, Any]:
    """What is kept of a cell: nothing where the school says the same as was computed."""
    if answer is None or answer.value == cell["computed"]:
        return {"cells": cell["cell"], "values": None, "reasons": None}
    return {"cells": cell["cell"], "values": answer.value, "reasons": answer.reason}


async def send_back_form_return(
    db: Connection, actor: Actor, *, return_id: UUID, said: FormSendingBack, now: datetime
) -> Row:
    """Send a confirmed return back for the bureau that issued the form, to be looked at again."""
    row = await _hold(db, actor, return_id, Permission.GUIDANCE_EVALUATE)
    bureau = {"city_id": row["city_id"], "county_id": row["by_unit_id"], "school_id": None}
    if not actor.scope(Permission.GUIDANCE_EVALUATE).covers(bureau):
        raise FormWithoutStanding
    if row["state"] != FormReturnState.CONFIRMED:
        raise FormReturnWrongState(state=row["state"])
    sent = {
        "state": FormReturnState.SENT_BACK,
        "sent_back_because": said.reason,
        "sent_back_at": now,
        "sent_back_by": actor.account_id,
    }
    await db.change(FormReturn, return_id, sent)
    return await FORM_RETURNS.get(db, actor, return_id)


async def close_collection_form(
    db: Connection, actor: Actor, *, form_id: UUID, now: datetime
) -> Row:
    """Close a form for the bureau that issued it: what is not confirmed by then stays unconfirmed."""
    right = Permission.GUIDANCE_EVALUATE
    form = await COLLECTION_FORMS.get(db, actor, form_id, permission=right, lock=True)
    if form["closed_at"] is not None:
        raise CollectionFormClosed
    closed = {"closed_at": now, "closed_by": actor.account_id}
    await db.change(CollectionForm, form_id, closed)
    return await COLLECTION_FORMS.get(db, actor, form_id)
