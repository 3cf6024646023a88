"""Of each bureau a form, and of each school below one its return."""

from typing import Any
from uuid import UUID

from app.domain.quality.collection_forms import CollectionForm, FormReturn, FormReturnCell
from app.sql import Connection
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, TODAY, City
from tests.make_collection_forms import CELLS, FORM, make_form_file, workbook

LAYOUT: dict[str, Any] = {"sheet": "统计表", "cells": [[3, 0, "本校"]], "widths": [], "merges": []}


async def add_things(db: Connection, world: World, city: City) -> None:
    """A school returns what its county asks; a city-direct one is asked by the city."""
    by = city.city_admin
    forms: dict[UUID, UUID] = {}
    for name, units in world.units.items():
        unit, path = units[-1], tuple(each["id"] for each in units)
        bureau = unit if unit["school_id"] is None else units[-2]
        if bureau["id"] not in forms:
            file = await make_form_file(db, bureau, by, workbook())
            forms[bureau["id"]] = await add_row(
                db, CollectionForm, **place_of(bureau), title=FORM["title"], is_check=False,
                since=TODAY, until=TODAY, due_on=TODAY, file_id=file["id"], layout=LAYOUT,
                cells=CELLS, as_of=TODAY, issued_at=NOW, issued_by=by.actor.account_id,
            )  # fmt: skip
        form = forms[bureau["id"]]
        if unit["school_id"] is None:
            world.places[name]["collection_form"] = Thing(form, path, audience=unit["id"])
            continue
        row = await add_row(
            db, FormReturn, **place_of(unit), form_id=form, by_unit_id=bureau["id"], state="open"
        )
        for cell in CELLS:
            await db.insert(FormReturnCell, {"return_id": row, "cell": cell["cell"]})
        world.places[name]["form_return"] = Thing(row, path)
