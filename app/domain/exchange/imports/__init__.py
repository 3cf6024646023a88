"""Imports (导入): a file of many rows is taken over, looked at first, and entered as a whole, part by part.

A file is received, checked, and entered if somebody asks for it. Checking tells of every row what it would
do: create, change, nothing, or why it cannot be entered. Invalid rows are set apart and may be repaired
one by one; what a file lacks is never removed. What was corrected by hand after an import stays, unless the
file is to write over it. An import can be taken back, as far as nothing rests on it by then.

    reasons     why a row is as it is
    kind        what a kind of file declares of itself; a row while it is worked on
    run, row    the import and its rows: tables, doors, what may be asked
    reading     from cells to what they say (pure)
    known       rows of an earlier import that would change nothing, by their digests
    comparing   what a row does to what is kept (pure)
    places      which unit a file means; `persons` and `named_persons` which person
    missing     whom a full roster lacks
    kinds/      each kind of file, declared in one of its own
    staging     what every part of the work has in common
    checking    a file is staged, and it is known what it would change
    applying    the rows are entered, each part in a transaction with its mark
    undoing     what was entered is taken back
    keeping     the file itself, sealed; `forgetting`: until nothing can be done with it any more
    requesting  what people and scripts ask for; `room`: how much; `repairing`: a row that was set apart
    returning   the file handed back with what became of its rows; `templates`: files to be filled in
"""

from app.domain.exchange.imports.applying import Ahead, apply_part
from app.domain.exchange.imports.checking import FilePart, FileUnreadable, finish_check, stage_part
from app.domain.exchange.imports.forgetting import forget_import_files, tidy_imports
from app.domain.exchange.imports.keeping import (
    LARGEST,
    ImportFileTooLarge,
    SealedFile,
    name_of,
)
from app.domain.exchange.imports.kind import ImportAction, ImportSubject
from app.domain.exchange.imports.kinds import KINDS
from app.domain.exchange.imports.missing import list_missing_people
from app.domain.exchange.imports.repairing import (
    RepairedCell,
    RowRepair,
    repair_import_row,
)
from app.domain.exchange.imports.requesting import (
    JOB,
    NewImport,
    apply_import,
    cancel_import,
    check_import,
    create_import,
    undo_import,
)
from app.domain.exchange.imports.returning import (
    ImportFileForgotten,
    ImportFileOfAnother,
    ReturnedRows,
    get_returnable_import,
    returned_lines,
)
from app.domain.exchange.imports.row import (
    IMPORT_ROWS,
    ImportRow,
    ImportRowView,
    RowState,
    get_import_row,
    import_rows_of,
    list_import_rows,
)
from app.domain.exchange.imports.run import (
    IMPORTS,
    Import,
    ImportOptions,
    ImportStage,
    ImportView,
    ImportWork,
    ShrunkSchool,
    get_import,
    list_imports,
)
from app.domain.exchange.imports.templates import get_import_template
from app.domain.exchange.imports.undoing import undo_part

__all__ = [
    "IMPORTS",
    "IMPORT_ROWS",
    "JOB",
    "KINDS",
    "LARGEST",
    "Ahead",
    "FilePart",
    "FileUnreadable",
    "Import",
    "ImportAction",
    "ImportFileForgotten",
    "ImportFileOfAnother",
    "ImportFileTooLarge",
    "ImportOptions",
    "ImportRow",
    "ImportRowView",
    "ImportStage",
    "ImportSubject",
    "ImportView",
    "ImportWork",
    "NewImport",
    "RepairedCell",
    "ReturnedRows",
    "RowRepair",
    "RowState",
    "SealedFile",
    "ShrunkSchool",
    "apply_import",
    "apply_part",
    "cancel_import",
    "check_import",
    "create_import",
    "finish_check",
    "forget_import_files",
    "get_import",
    "get_import_row",
    "get_import_template",
    "get_returnable_import",
    "import_rows_of",
    "list_import_rows",
    "list_imports",
    "list_missing_people",
    "name_of",
    "repair_import_row",
    "returned_lines",
    "stage_part",
    "tidy_imports",
    "undo_import",
    "undo_part",
]
