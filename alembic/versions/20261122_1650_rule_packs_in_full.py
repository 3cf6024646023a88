"""Rule packs in full: one takes over from another, and a county refines what the city left to it."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1650"
down_revision = "20261122_1640"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("refines_id", "succeeds_id"):
        op.add_column("rule_pack", sa.Column(name, sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_rule_pack_{name}"), "rule_pack", "rule_pack", [name], ["id"]
        )
    op.create_unique_constraint(op.f("uq_rule_pack_succeeds_id"), "rule_pack", ["succeeds_id"])
    op.create_index(op.f("ix_rule_pack_refines_id"), "rule_pack", ["refines_id"])
    op.create_check_constraint(
        op.f("ck_rule_pack_county_refines"),
        "rule_pack",
        "(refines_id IS NULL) = (unit_id = city_id)",
    )
    # Two counties may call their refinements the same.
    op.drop_constraint("uq_rule_pack_city_id_pack_id_version", "rule_pack")
    op.create_unique_constraint(
        op.f("uq_rule_pack_unit_id_pack_id_version"), "rule_pack", ["unit_id", "pack_id", "version"]
    )


def downgrade() -> None:
    op.drop_constraint("uq_rule_pack_unit_id_pack_id_version", "rule_pack")
    op.create_unique_constraint(
        op.f("uq_rule_pack_city_id_pack_id_version"), "rule_pack", ["city_id", "pack_id", "version"]
    )
    op.drop_constraint("ck_rule_pack_county_refines", "rule_pack")
    op.drop_index("ix_rule_pack_refines_id", "rule_pack")
    op.drop_constraint("uq_rule_pack_succeeds_id", "rule_pack")
    for name in ("refines_id", "succeeds_id"):
        op.drop_constraint(f"fk_rule_pack_{name}", "rule_pack")
        op.drop_column("rule_pack", name)
