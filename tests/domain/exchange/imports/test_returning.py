"""Handing a file back: it may be full of ID numbers, and goes to nobody but who handed it in."""

from dataclasses import replace

import pytest

from app.domain.access.actors import NotInPerson
from app.domain.access.roles import Permission
from app.domain.exchange.imports.returning import get_returnable_import
from app.request import Resources
from app.sql import Connection, new_id
from tests.conftest import SharedPool
from tests.domain.exchange.test_imports import Case
from tests.make import City, id_number
from tests.make_imports import PEOPLE_HEAD, csv


async def test_no_application_gets_a_file_that_somebody_handed_in(
    db: Connection, pool: SharedPool, resources: Resources, city: City
) -> None:
    case = Case(db, pool, resources, city)
    run = await case.checked(csv(PEOPLE_HEAD, case.line("张小燕", id_number())))
    through_one = replace(
        case.actor, client_id=new_id(), scopes=frozenset({Permission.IMPORT_WRITE})
    )
    with pytest.raises(NotInPerson):
        await get_returnable_import(db, through_one, import_id=run["id"])
    # An application of itself has what it handed in, and so has a person.
    found = await get_returnable_import(db, case.actor, import_id=run["id"])
    assert found["stored_size"] > 0
