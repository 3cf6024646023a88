"""Official documents with their articles and duties; regulations of schools; campaigns."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant

revision = "20261123_1970"
down_revision = "20261123_1960"
branch_labels = None
depends_on = None

TABLES = (
    "official_document",
    "document_basis",
    "document_addressee",
    "document_article",
    "article_duty",
    "article_link",
    "regulation",
    "regulation_version",
    "campaign",
    "campaign_activity",
)


def upgrade() -> None:
    make_official_document()
    make_document_basis()
    make_document_addressee()
    make_document_article()
    make_article_duty()
    make_article_link()
    make_regulation()
    make_regulation_version()
    make_campaign()
    make_campaign_activity()
    grant("SELECT, INSERT", *TABLES)
    grant(
        "UPDATE (title, kind, number, plain_number, issuer, issued_on, published_on, valid_from, valid_to, receive_by, remark, file_id, addressee_ids, addressee_sets, state, issued_at, issued_by, repealed_on, repeal_reason, repealed_by, successor_id)",
        "official_document",
    )
    grant("UPDATE (received_at, received_by)", "document_addressee")
    grant("UPDATE (version, repealed_on)", "regulation")
    grant("UPDATE (title, aim, ends_on)", "campaign")
    grant(
        "DELETE",
        "document_basis",
        "document_article",
        "article_duty",
        "article_link",
        "campaign_activity",
    )
    for table in TABLES:
        audited(table)


def make_official_document() -> None:
    op.create_table(
        "official_document",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opinion",
                "notice",
                "decision",
                "measures",
                "provisions",
                "detailed_rules",
                "outline",
                "scheme",
                "reply",
                "letter",
                "minutes",
                name="document_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=100), nullable=True),
        sa.Column("issuer", sa.String(length=100), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("receive_by", sa.Date(), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("plain_number", sa.String(length=100), nullable=True),
        sa.Column("addressee_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("addressee_sets", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "issued",
                name="document_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("repealed_on", sa.Date(), nullable=True),
        sa.Column("repeal_reason", sa.String(length=500), nullable=True),
        sa.Column("repealed_by", sa.Uuid(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(issued_at, issued_by) = CASE state WHEN 'issued' THEN 2 ELSE 0 END",
            name=op.f("ck_official_document_issued"),
        ),
        sa.CheckConstraint(
            "repealed_on IS NULL OR state = 'issued'",
            name=op.f("ck_official_document_repealed_was_issued"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR num_nonnulls(issued_on, valid_from) = 2",
            name=op.f("ck_official_document_issued_has_days"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(repealed_on, repeal_reason, repealed_by) IN (0, 3)",
            name=op.f("ck_official_document_repealed"),
        ),
        sa.CheckConstraint(
            "published_on >= issued_on", name=op.f("ck_official_document_published_after_issue")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_official_document_school_is_no_bureau")
        ),
        sa.CheckConstraint(
            "successor_id <> id", name=op.f("ck_official_document_no_successor_of_itself")
        ),
        sa.CheckConstraint(
            "successor_id IS NULL OR repealed_on IS NOT NULL",
            name=op.f("ck_official_document_superseded"),
        ),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_official_document_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_official_document_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_official_document_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_official_document_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["account.id"], name=op.f("fk_official_document_issued_by")
        ),
        sa.ForeignKeyConstraint(
            ["repealed_by"], ["account.id"], name=op.f("fk_official_document_repealed_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_official_document_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["official_document.id"],
            name=op.f("fk_official_document_successor_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_document")),
    )
    op.create_index(
        op.f("ix_official_document_city_id_id"),
        "official_document",
        ["city_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_official_document_county_id_id"),
        "official_document",
        ["county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_official_document_file_id"),
        "official_document",
        ["file_id"],
        unique=False,
        postgresql_where=sa.text("file_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_official_document_school_id_id"),
        "official_document",
        ["school_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_official_document_successor_id"),
        "official_document",
        ["successor_id"],
        unique=False,
        postgresql_where=sa.text("successor_id IS NOT NULL"),
    )
    op.create_index(
        "uq_official_document_number",
        "official_document",
        ["unit_id", "plain_number"],
        unique=True,
        postgresql_where=sa.text("state = 'issued'"),
    )


def make_document_basis() -> None:
    op.create_table(
        "document_basis",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("basis_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "document_id <> basis_id", name=op.f("ck_document_basis_no_basis_of_itself")
        ),
        sa.ForeignKeyConstraint(
            ["basis_id"], ["official_document.id"], name=op.f("fk_document_basis_basis_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["official_document.id"], name=op.f("fk_document_basis_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", "basis_id", name=op.f("pk_document_basis")),
    )
    op.create_index(
        op.f("ix_document_basis_basis_id_document_id"),
        "document_basis",
        ["basis_id", "document_id"],
        unique=False,
    )


def make_document_addressee() -> None:
    op.create_table(
        "document_addressee",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(received_at, received_by) IN (0, 2)",
            name=op.f("ck_document_addressee_received"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["official_document.id"],
            name=op.f("fk_document_addressee_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["received_by"], ["account.id"], name=op.f("fk_document_addressee_received_by")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_document_addressee_unit_id")
        ),
        sa.PrimaryKeyConstraint("document_id", "unit_id", name=op.f("pk_document_addressee")),
    )
    op.create_index(
        op.f("ix_document_addressee_document_id"),
        "document_addressee",
        ["document_id"],
        unique=False,
        postgresql_where=sa.text("received_at IS NULL"),
    )
    op.create_index(
        op.f("ix_document_addressee_unit_id_document_id"),
        "document_addressee",
        ["unit_id", "document_id"],
        unique=False,
    )


def make_document_article() -> None:
    op.create_table(
        "document_article",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chapter", sa.String(length=200), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_document_article_number_from_one")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["official_document.id"], name=op.f("fk_document_article_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_article")),
        sa.UniqueConstraint(
            "document_id", "number", name=op.f("uq_document_article_document_id_number")
        ),
    )


def make_article_duty() -> None:
    op.create_table(
        "article_duty",
        sa.Column(
            "bearer",
            sa.Enum(
                "city",
                "county",
                "school",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("task", sa.String(length=300), nullable=False),
        sa.Column("responsible", sa.String(length=100), nullable=True),
        sa.Column(
            "rhythm",
            sa.Enum(
                "once",
                "yearly",
                "termly",
                name="duty_rhythm",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_month", sa.Integer(), nullable=True),
        sa.Column("due_day", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "shown_by",
            sa.Enum(
                "plan_in_force",
                "plan_summarised",
                "responsible_named",
                "activities_held",
                "joint_activities_held",
                "groups_at_work",
                "networks_at_work",
                "committees_at_work",
                "regulations_complete",
                "teachers_credited",
                "mentorships_agreed",
                "topics_at_work",
                "courses_published",
                "visits_made",
                "evaluations_made",
                "schools_designated",
                "programmes_at_work",
                name="duty_check",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("activity_kinds", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("activity_content", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "CASE rhythm WHEN 'once' THEN due_month IS NULL ELSE due_on IS NULL END",
            name=op.f("ck_article_duty_due"),
        ),
        sa.CheckConstraint("needed >= 1", name=op.f("ck_article_duty_needed")),
        sa.CheckConstraint(
            "num_nonnulls(due_month, due_day) IN (0, 2)", name=op.f("ck_article_duty_due_in_a_year")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["document_article.id"], name=op.f("fk_article_duty_article_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_duty")),
    )
    op.create_index(
        op.f("ix_article_duty_article_id_id"), "article_duty", ["article_id", "id"], unique=False
    )


def make_article_link() -> None:
    op.create_table(
        "article_link",
        sa.Column(
            "kind",
            sa.Enum(
                "rule_pack",
                "plan_deadline",
                "notice",
                name="linked_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("linked_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=80), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("linked_by", sa.Uuid(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["document_article.id"], name=op.f("fk_article_link_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["linked_by"], ["account.id"], name=op.f("fk_article_link_linked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_link")),
    )
    op.create_index(
        op.f("ix_article_link_linked_id_article_id"),
        "article_link",
        ["linked_id", "article_id"],
        unique=False,
    )
    op.create_index(
        "uq_article_link_linked",
        "article_link",
        ["article_id", "kind", "linked_id", "part"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )


def make_regulation() -> None:
    op.create_table(
        "regulation",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "school_teaching_research",
                "school_education_research",
                "theory_study",
                "management",
                "incentives",
                name="regulation_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("mark", sa.String(length=30), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("plain_title", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("repealed_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_regulation_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_regulation_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_regulation_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_regulation_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulation")),
        sa.UniqueConstraint(
            "unit_id", "plain_title", "mark", name=op.f("uq_regulation_unit_id_plain_title_mark")
        ),
    )
    op.create_index(op.f("ix_regulation_city_id_id"), "regulation", ["city_id", "id"], unique=False)
    op.create_index(
        op.f("ix_regulation_county_id_id"), "regulation", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_regulation_school_id_id"), "regulation", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_regulation_unit_id_kind"),
        "regulation",
        ["unit_id", "kind"],
        unique=False,
        postgresql_where=sa.text("repealed_on IS NULL"),
    )


def make_regulation_version() -> None:
    op.create_table(
        "regulation_version",
        # First, so that the trail has the place of the regulation, not that of whose file it is.
        sa.Column("regulation_id", sa.Uuid(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("signed_by", sa.String(length=100), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("changes", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(text, file_id) >= 1", name=op.f("ck_regulation_version_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_regulation_version_added_by")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_regulation_version_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["regulation_id"], ["regulation.id"], name=op.f("fk_regulation_version_regulation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulation_version")),
        sa.UniqueConstraint(
            "regulation_id", "number", name=op.f("uq_regulation_version_regulation_id_number")
        ),
    )
    op.create_index(
        op.f("ix_regulation_version_file_id"),
        "regulation_version",
        ["file_id"],
        unique=False,
        postgresql_where=sa.text("file_id IS NOT NULL"),
    )


def make_campaign() -> None:
    op.create_table(
        "campaign",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("aim", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_campaign_ends_after_it_begins")),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_campaign_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_campaign_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_campaign_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["official_document.id"], name=op.f("fk_campaign_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_campaign_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(
        op.f("ix_campaign_city_id_starts_on_id"),
        "campaign",
        ["city_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_campaign_county_id_starts_on_id"),
        "campaign",
        ["county_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_campaign_school_id_starts_on_id"),
        "campaign",
        ["school_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_campaign_unit_id_starts_on_id"),
        "campaign",
        ["unit_id", "starts_on", "id"],
        unique=False,
    )


def make_campaign_activity() -> None:
    op.create_table(
        "campaign_activity",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_campaign_activity_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_campaign_activity_added_by")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_activity_campaign_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "activity_id", name=op.f("pk_campaign_activity")),
    )
    op.create_index(
        op.f("ix_campaign_activity_activity_id"), "campaign_activity", ["activity_id"], unique=False
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
