"""Of each unit a stated figure with its answer."""

from app.domain.quality.stated_figures import FigureCheck, StatedFigure
from app.sql import Connection
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, TODAY, City
from tests.make_stated_figures import STATED


async def add_things(db: Connection, world: World, city: City) -> None:
    """A figure lies where its unit does, and the answer to it with it."""
    by = city.city_admin.actor.account_id
    for name, units in world.units.items():
        unit, path = units[-1], tuple(each["id"] for each in units)
        own = {key: STATED[key] for key in ("source", "document", "place", "comparison", "counts")}
        figure = await add_row(
            db, StatedFigure, **place_of(unit), **own, quote=STATED["quote"],
            cleaned=STATED["quote"], stated=[_whole(each) for each in STATED["stated"]],
            state="open", verdict="differs", stated_at=NOW, stated_by=by,
        )  # fmt: skip
        check = await add_row(
            db, FigureCheck, figure_id=figure, number=1, verdict="differs", reasons=[], lines=[],
            as_of=TODAY, checked_at=NOW, checked_by=by,
        )  # fmt: skip
        world.places[name]["stated_figure"] = Thing(figure, path)
        world.places[name]["figure_check"] = Thing(check, path)


def _whole(value: dict[str, str]) -> dict[str, str | None]:
    return {"bound": "exact", "says": None, "scope": None, "stage": None, **value}
