"""Imports: rows are known by their digests; work and files of an account are looked up."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1820"
down_revision = "20261123_1810"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_row", sa.Column("digest", sa.LargeBinary(), nullable=True))
    op.add_column("import_origin", sa.Column("row_id", sa.Uuid(), nullable=True))
    op.add_column("import_origin", sa.Column("digest", sa.LargeBinary(), nullable=True))
    op.add_column("import_origin", sa.Column("stamp", sa.String(), nullable=True))
    op.create_index(op.f("ix_import_origin_digest"), "import_origin", ["digest"])
    op.create_index(op.f("ix_import_created_by_created_at"), "import", ["created_by", "created_at"])
    op.create_index(
        "ix_import_at_work",
        "import",
        ["asked_by"],
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )


def downgrade() -> None:
    op.drop_index("ix_import_at_work", table_name="import")
    op.drop_index(op.f("ix_import_created_by_created_at"), table_name="import")
    op.drop_index(op.f("ix_import_origin_digest"), table_name="import_origin")
    for name in ("stamp", "digest", "row_id"):
        op.drop_column("import_origin", name)
    op.drop_column("import_row", "digest")
