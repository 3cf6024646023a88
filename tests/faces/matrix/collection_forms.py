"""The rows of collection forms and their returns."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed, of_unit
from tests.faces.rule import Listing, Open, Row
from tests.make_collection_forms import FORM

_READ, _EVALUATE, _ANSWER = (
    Permission.GUIDANCE_READ, Permission.GUIDANCE_EVALUATE, Permission.GUIDANCE_ANSWER,
)  # fmt: skip

ROWS: dict[str, Row | Listing | Open] = {
    "list_collection_forms": Listing(("collection_form",), None, published=True),
    "get_collection_form": Row("collection_form", _READ, reads=True),
    "issue_collection_form": Row(
        "unit", _EVALUATE, in_body=True, absent="file_not_found",
        body=of_unit(**FORM, file_id=NOWHERE),
    ),
    "close_collection_form": Row("collection_form", _EVALUATE),
    "list_form_totals": Row("collection_form", _READ),
    "list_form_cell_values": Row("collection_form", _READ, body=fixed(cell="B4")),
    "get_collection_form_workbook": Row("collection_form", _READ),
    "list_form_returns": Listing(("form_return",), _READ),
    "get_form_return": Row("form_return", _READ),
    "list_form_return_cells": Row("form_return", _READ),
    "confirm_form_return": Row(
        "form_return", _ANSWER, body=fixed(cells=[{"cell": "E4", "value": "300"}])
    ),
    "send_back_form_return": Row("form_return", _EVALUATE, body=fixed(reason="请核实")),
    "get_form_return_workbook": Row("form_return", _READ),
}  # fmt: skip
