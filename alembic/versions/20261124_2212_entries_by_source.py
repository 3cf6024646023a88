"""The natural key of an entry begins with its source.

With the teacher first, looking for who had an entry of a source already went through all entries of each, and
every new one of two thousand lay on a page of its own.
"""

from alembic import op

revision = "20261124_2212"
down_revision = "20261124_2211"
branch_labels = None
depends_on = None

_NAME, _NEW = "uq_credit_entry_source", "uq_credit_entry_of_source"


def upgrade() -> None:
    _key("city_id", "source_kind", "source_id", "teacher_id", "attempt")


def downgrade() -> None:
    _key("city_id", "teacher_id", "source_kind", "source_id", "attempt")


def _key(*columns: str) -> None:
    # The new one is made beside the old one: there is no moment without it.
    op.create_unique_constraint(_NEW, "credit_entry", columns)
    op.drop_constraint(_NAME, "credit_entry")
    op.execute(f"ALTER TABLE credit_entry RENAME CONSTRAINT {_NEW} TO {_NAME}")
