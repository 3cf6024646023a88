"""Publishing a city's forms, version by version, and retiring them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Uuid, bindparam, func, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.units import UNITS, Level, Unit
from app.domain.training.forms.form import (
    FORMS,
    ActivityForm,
    FormEvidence,
    FormFields,
    FormSource,
    FormStep,
)
from app.sql import Connection, Row, Statement, new_id


class NewFormStep(FormStep):
    """A step of a form to be published."""


class NewFormEvidence(FormEvidence):
    """Evidence that a form to be published asks for."""


class NewFormSource(FormSource):
    """A source of a form to be published."""


class NewForm(FormFields, Command):
    """A form to be published, the first or the next version of its code."""

    unit_id: UUID = Field(description="所属市 / the city whose form it is")
    steps: list[NewFormStep] = Field(  # type: ignore[assignment]  # narrower, for the faces' inputs
        default_factory=list, max_length=20, description="环节，按先后 / steps in their order"
    )
    evidence: list[NewFormEvidence] = Field(  # type: ignore[assignment]
        default_factory=list, max_length=20, description="须留存的佐证材料 / evidence asked for"
    )
    sources: list[NewFormSource] = Field(  # type: ignore[assignment]
        min_length=1, max_length=10, description="依据 / where it is named"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        check_parts(self)
        return self


def check_parts(form: FormFields) -> None:
    """Refuse a form that names something twice, or evidence of a step that it does not have."""
    steps = [step.code for step in form.steps]
    for values in (steps, form.roles, form.modes, form.channels, form.content):
        if len(set(values)) < len(values):
            raise Unfit("同一项不能重复列出。", "Nothing is named twice in one list.")
    unknown = {each.step for each in form.evidence} - {None, *steps}
    if unknown:
        raise Unfit(
            f"没有环节 {min(map(str, unknown))}。", f"There is no step {min(map(str, unknown))}."
        )


# What can be refused.


class FormNeedsCity(Invalid):
    """Forms are the city's to decide; counties and schools use them."""

    code = "form_needs_city"
    zh = "活动样式只能由市级教育局发布。"
    en = "A form of activities is published for a city."


class FormEnded(Conflict):
    """This version was retired, or another has taken its place."""

    code = "form_ended"
    zh = "活动样式“{form}”第{version}版已停用或已有新版本。"
    en = "Version {version} of the form {form} is retired, or a newer one has taken its place."


# What may be done.

_LATEST = Statement(
    select(func.coalesce(func.max(col(ActivityForm.version)), 0)).where(
        col(ActivityForm.unit_id) == bindparam("unit_id", type_=Uuid),
        col(ActivityForm.code) == bindparam("code"),
    )
)
_END = Statement(
    update(ActivityForm)
    .where(
        col(ActivityForm.unit_id) == bindparam("of_unit", type_=Uuid),
        col(ActivityForm.code) == bindparam("of_code"),
        col(ActivityForm.ended_at).is_(None),
    )
    .values(ended_at=bindparam("now", type_=MOMENT))
)


async def publish_form(db: Connection, actor: Actor, *, new: NewForm, now: datetime) -> Row:
    """Publish a version of a form of a city; the one in force before, if any, is succeeded.

    Publishers of one city wait for each other, so that versions follow one another without a gap.
    """
    unit = await UNITS.get(db, actor, new.unit_id, permission=Permission.FORM_PUBLISH, lock=True)
    if unit["level"] != Level.CITY:
        raise FormNeedsCity
    latest = await db.value(_LATEST, unit_id=unit["id"], code=new.code)
    await db.run(_END, of_unit=unit["id"], of_code=new.code, now=now)
    row = form_row(new, city_id=unit["id"], version=latest + 1, published_at=now)
    await db.insert(ActivityForm, row | {"published_by": actor.account_id})
    return await FORMS.get(db, actor, row["id"])


async def retire_form(db: Connection, actor: Actor, *, form_id: UUID, now: datetime) -> Row:
    """Retire a form: nothing new is held by it, and what was keeps it."""
    form = await FORMS.get(db, actor, form_id, permission=Permission.FORM_PUBLISH, lock=True)
    if form["ended_at"] is not None:
        raise FormEnded(form=form["code"], version=form["version"])
    await db.run(_END, of_unit=form["unit_id"], of_code=form["code"], now=now)
    return await FORMS.get(db, actor, form_id)


def form_row(form: FormFields, *, city_id: UUID, version: int, published_at: datetime) -> Row:
    """The row of a version of a city's form, as it is published or loaded."""
    fields: dict[str, Any] = form.model_dump(mode="json", include=set(FormFields.model_fields))
    return {
        "id": new_id(),
        "unit_id": city_id,
        "city_id": city_id,
        "county_id": city_id,
        "version": version,
        "published_at": published_at,
        **fields,
    }


_KNOWN = Statement(
    select(col(Unit.id), func.array_agg(col(ActivityForm.code).distinct()).label("codes"))
    .join_from(Unit, ActivityForm, col(ActivityForm.unit_id) == col(Unit.id), isouter=True)
    .where(col(Unit.level) == Level.CITY)
    .group_by(col(Unit.id))
    .order_by(col(Unit.id))
)


async def load_forms(db: Connection, *, forms: Sequence[FormFields], now: datetime) -> int:
    """Publish for every city those of these forms of which it has no version yet; how many.

    What a city has published or retired itself is left as it is, so that it can be done again.
    """
    rows = [
        form_row(form, city_id=city["id"], version=1, published_at=now)
        for city in await db.all(_KNOWN)
        for form in forms
        if form.code not in city["codes"]
    ]
    await db.insert_all(ActivityForm, rows)
    return len(rows)
