"""The rows of imports."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed
from tests.faces.rule import Listing, Open, Row

_WRITE = Permission.IMPORT_WRITE

ROWS: dict[str, Row | Listing | Open] = {
    "create_import": Open("It says itself where; tests/api/exchange/test_imports.py asks who may."),
    "list_imports": Listing(("import", "applied_import"), _WRITE),
    "get_import": Row("import", _WRITE),
    "get_returned_file": Open("Who handed it in; tests/api/exchange/test_imports.py asks who may."),
    "get_import_template": Open("Who imports anywhere; tests/api/exchange/test_imports.py asks."),
    "list_import_rows": Row("import", _WRITE),
    "list_missing_people": Row("full_roster", _WRITE),
    "get_import_row": Row("import_row", _WRITE),
    "repair_import_row": Row(
        "import_row", _WRITE, body=fixed(cells=[{"column": "姓名", "text": "张"}])
    ),
    "apply_import": Row("import", _WRITE),
    "undo_import": Row("applied_import", _WRITE),
    "cancel_import": Row("import", _WRITE),
}
