"""Files that are opened apart: what shows an expense is opened there, by who holds the funds."""

from typing import Any

from sqlalchemy import ColumnElement, Uuid, column, exists, select, table

_INVOICES = table("expense_attachment", column("file_id", Uuid()))
"""The wing that lies above describes this table; here it is only asked whether it names a file."""


def shows_expense(file_id: Any) -> ColumnElement[bool]:
    """The predicate 'this file shows an expense': an invoice may name people, and is for nobody else."""
    return exists(select(_INVOICES.c.file_id).where(_INVOICES.c.file_id == file_id))
