"""Of each place: a file that goes everywhere, evidence, a rubric; of each teacher: notes and a sheet."""

from app.domain.training.files import FileSharing
from app.domain.training.notes import NoteKind
from app.sql import Connection
from tests.faces.world import Thing, World
from tests.make import City, make_note
from tests.make_evidence import make_evidence, make_file, make_resemblance, make_rubric, make_sheet


async def add_things(db: Connection, world: World, city: City) -> None:
    """What is kept of an activity, and what is found in it."""
    by = city.city_admin
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        unit = units[-1]
        file = await make_file(db, unit, by, sharing=FileSharing.CITY)
        activity = {"id": things["offered"].id}
        piece = await make_evidence(db, activity, by, file_id=file["id"])
        rubric = await make_rubric(db, unit, by)
        things["file"] = Thing(file["id"], path)
        things["evidence"] = Thing(piece["id"], path)
        things["rubric"] = Thing(rubric["id"], path, audience=unit["id"])
        if name not in world.teachers:
            continue
        teacher = world.teachers[name]
        notes = [(await make_note(db, activity, teacher, kind))["id"] for kind in NoteKind]
        found = await make_resemblance(db, *notes)
        sheet = await make_sheet(db, teacher, by)
        observed = await make_sheet(db, city.direct_teacher, by, teacher)
        things["note"] = Thing(notes[0], path, teacher_id=teacher["id"])
        things["resemblance"] = Thing(found["id"], path)
        things["sheet"] = Thing(sheet["id"], path, teacher_id=teacher["id"])
        things["observation"] = Thing(observed["id"], path, teacher_id=teacher["id"])
