"""What is recorded of a row lies where the row belongs, and not where its file or its writer does."""

from alembic import op

from app.database.migrations import audited

revision = "20261124_2111"
down_revision = "20261124_2110"
branch_labels = None
depends_on = None

OWNERS = {
    "activity_evaluation": ("activity", "activity_id"),
    "article_duty": ("document_article/official_document", "article_id/document_id"),
    "article_link": ("document_article/official_document", "article_id/document_id"),
    "committee_member": ("committee", "committee_id"),
    "course_test": ("activity|course", "activity_id|course_id"),
    "course_test_mark": ("course_test_answer/course_test_attempt", "answer_id/attempt_id"),
    "course_test_question": (
        "course_test/activity|course_test/course", "test_id/activity_id|test_id/course_id",
    ),
    "course_test_recheck": ("course_test_answer/course_test_attempt", "answer_id/attempt_id"),
    "evaluation_evidence": ("unit_evaluation", "evaluation_id"),
    "evidence": ("activity", "activity_id"),
    "evidence_check": (
        "note|observation_sheet|evidence/activity", "note_id|sheet_id|evidence_id/activity_id",
    ),
    "exercise_file": ("exercise/activity", "exercise_id/activity_id"),
    "recommendation": ("follow_up", "follow_up_id"),
    "responsibility": ("unit", "unit_id"),
    "session_plan": ("activity_session/activity", "session_id/activity_id"),
    "topic_step": ("topic", "topic_id"),
    "trainee_attendance": ("activity", "activity_id"),
}  # fmt: skip
"""Tables whose first reference to something placed is not to what the row belongs to, or may be empty."""
HIDDEN = {
    "course_test_mark": ("before", "awarded", "comment"),
    "course_test_recheck": ("reason", "reply"),
    "evidence": ("text",),
    "recommendation": ("note",),
}
ONLY_CHANGED = ("course_test_question", "trainee_attendance")

LIES_ELSEWHERE = """
CREATE OR REPLACE FUNCTION trail_place(written jsonb, owner text, owner_key text) RETURNS uuid[]
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    place uuid[];
BEGIN
    IF owner = '' THEN
        RETURN ARRAY[written ->> 'city_id', written ->> 'county_id', written ->> 'school_id'];
    ELSIF owner = 'teacher' THEN  -- by far the most, and a plan that is kept
        SELECT ARRAY[city_id, county_id, school_id] INTO place
        FROM teacher WHERE id = (written ->> owner_key)::uuid;
    ELSE
        EXECUTE format('SELECT ARRAY[city_id, county_id, school_id] FROM %I WHERE id = $1', owner)
            INTO place USING (written ->> owner_key)::uuid;
    END IF;
    RETURN place;
END
$$
"""
LIES_WITH_OWNER = """
CREATE OR REPLACE FUNCTION trail_place(written jsonb, owner text, owner_key text) RETURNS uuid[]
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    place uuid[];
    ways text[];
    tables text[];
    names text[];
    row_id uuid;
BEGIN
    IF owner = '' THEN
        RETURN ARRAY[written ->> 'city_id', written ->> 'county_id', written ->> 'school_id'];
    ELSIF owner = 'teacher' THEN  -- by far the most, and a plan that is kept
        SELECT ARRAY[city_id, county_id, school_id] INTO place
        FROM teacher WHERE id = (written ->> owner_key)::uuid;
        RETURN place;
    END IF;
    ways := string_to_array(owner_key, '|');
    FOR way IN 1 .. cardinality(ways) LOOP
        tables := string_to_array(split_part(owner, '|', way), '/');
        names := string_to_array(ways[way], '/');
        row_id := (written ->> names[1])::uuid;
        FOR step IN 2 .. cardinality(names) LOOP
            EXIT WHEN row_id IS NULL;
            EXECUTE format('SELECT %I FROM %I WHERE id = $1', names[step], tables[step - 1])
                INTO row_id USING row_id;
        END LOOP;
        CONTINUE WHEN row_id IS NULL;
        EXECUTE format(
            'SELECT ARRAY[city_id, county_id, school_id] FROM %I WHERE id = $1',
            tables[cardinality(tables)]
        ) INTO place USING row_id;
        RETURN place;
    END LOOP;
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    op.execute(LIES_WITH_OWNER)
    for table, owner in OWNERS.items():
        hidden, insertions = HIDDEN.get(table, ()), table not in ONLY_CHANGED
        audited(table, hidden=hidden, insertions=insertions, owner=owner)


def downgrade() -> None:
    for table in OWNERS:
        audited(table, hidden=HIDDEN.get(table, ()), insertions=table not in ONLY_CHANGED)
    op.execute(LIES_ELSEWHERE)
