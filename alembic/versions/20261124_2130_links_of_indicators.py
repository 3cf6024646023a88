"""Articles are linked with the indicators that they create."""

from alembic import op

revision = "20261124_2130"
down_revision = "20261124_2123"
branch_labels = None
depends_on = None

LINKED = ("rule_pack", "plan_deadline", "notice")


def check_kinds(*kinds: str) -> None:
    """Let links be of these kinds."""
    name = op.f("ck_article_link_linked_kind")
    op.drop_constraint(name, "article_link", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "article_link", f"kind IN ({listed})")


def upgrade() -> None:
    check_kinds(*LINKED, "indicator_sheet")


def downgrade() -> None:
    check_kinds(*LINKED)
