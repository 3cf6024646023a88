"""Every table is audited, or says why not; what may not be kept is hidden."""

import re
from typing import Any

import asyncpg
import pytest

NOT_AUDITED: dict[str, str] = {
    "activity_candidate": "Yielded by the register when an activity is published, which is an act.",
    "alembic_version": "Alembic's own.",
    "attempt": "Counts of tries, forgotten within minutes.",
    "audit_act": "The trail itself.",
    "audit_change": "The trail itself.",
    "audit_link": "The trail itself.",
    "authorisation_code": "Good for a minute, and for one sign-in, which is an act.",
    "certificate_series": "How many were numbered; each certificate with its number is recorded.",
    "consultation_message": "Append-only; says itself who wrote it, when, and is between two people.",
    "credit_chain": "The heads of the ledger's own chains.",
    "credit_entry": "The ledger: append-only, with a chain of its own.",
    "delivery": "Itself a record of who was told of what, when; it is worked through by processes.",
    "discussion_reading": "How far somebody has read; it binds nobody, and the row says when.",
    "departure": "Kept by a trigger, from changes that are recorded.",
    "device_code": "Good for minutes, and for one sign-in, which is an act.",
    "export": "Itself a record of who asked for which list; the rest of it is how far its file is.",
    "idempotent_answer": "What a request is answered with once more; the act is the request's.",
    "figure_check_row": "Yielded by the register when a figure is checked, which is an act; never changed.",
    "fund_balance": "Sums, kept by a trigger from the journal.",
    "fund_entry": "The journal: append-only, and balanced when it is committed.",
    "fund_posting": "The journal: append-only, and balanced when it is committed.",
    "identity_request": "Good for minutes, and for one sign-in or one link, which is an act.",
    "import_origin": "Yielded by the rows of an import as they are entered, each part an act.",
    "import_row": "Itself a record of what each row of a file did, and of what was there before.",
    "ledger_head": "Append-only, and signed.",
    "learning_due": "What is to be counted; nobody decided it.",
    "learning_progress": "Yielded by the learning records, and counted again from them.",
    "ledger_key": "Public keys, append-only.",
    "ledger_leaf": "Append-only, and signed with its head.",
    "note_fingerprint": "Yielded by the notes, which are recorded.",
    "notice_candidate": "Yielded by the register when a notice is published, which is an act.",
    "notice_reading": "Itself a record of who read and confirmed a notice, and when.",
    "notice_receipt": "Itself a record of who confirmed a notice for a unit; it is never changed.",
    "notice_told": "That a notice was put into the queue, which has a row for each who is told.",
    "note_version": "What notes were: written by the database alone, and never changed.",
    "pgqueuer": "Jobs that wait or are being done; what they are about is recorded.",
    "pgqueuer_log": "Itself a log, of a week.",
    "pgqueuer_schedules": "Not used.",
    "pgqueuer_statistics": "Not used.",
    "post_mention": "Written with its post, and never changed.",
    "post_wording": "How a post read before, which is forgotten when its author takes it back.",
    "province_record": "Closed with its submission; a receipt says itself when it came, and stays.",
    "province_submission": "Making one is an act; how far it has come, processes work out.",
    "provision": "Itself a record of what went to others: append-only but for the sums of a day.",
    "recount_failure": "What a process could not count, until it can; nobody decided it.",
    "reconciliation": "Asking for one is an act; how far it has come, processes work out.",
    "reconciliation_difference": "Found by a process, and never changed.",
    "refresh_token": "What a sign-in leaves for the next token; the sign-in is an act.",
    "retelling": "Kept by triggers, from changes that are recorded or append-only.",
    "school_credit": "Sums, kept by a trigger from the standings.",
    "school_register": "Counts, kept by a trigger from the teachers.",
    "sign_in": "Itself a record of acts: when, from where, and when it ended.",
    "session_choice": "What somebody means to attend; it binds nobody, and the row says when.",
    "survey_candidate": "Yielded by the register when a survey is opened, which is an act.",
    "survey_receipt": "Itself a record of who answered, to the day; with its act it would tell when.",
    "survey_response": "What was answered anonymously: with an act beside it, it would say by whom.",
    "survey_token": "Used up by answers that nobody signs.",
    "what_if": "A question that changes nothing; who asked, and when, is in the row and in the act.",
    "what_if_person": "Its answer, forgotten after days.",
    "resource_use": "Says itself who used what on which day; a count, many a day.",
    "standing": "Yielded by the ledger, and verified against it.",
    "webhook_message": "Itself a record of what was told to whom, and what became of each attempt.",
    "unit_set": "What cursors name by a digest; it follows from grants, which are recorded.",
    "webhook_progress": "How far a process has come; it says nothing that anybody decided.",
}
"""Tables whose changes are not in the trail, with the reason."""

ONLY_CHANGED: dict[str, str] = {
    "exercise_submission_file": "Handed in with what the row of the submission tells, and kept.",
    "archive_piece": "Assembled with its volume, which is an act, and there are hundreds.",
    "attendance": "A new row says who entered it, when and how, and there are hundreds of thousands.",
    "attendance_change": "It is the trace of a change, with who made it, when and why.",
    "attendance_doubt": "Found by statements; who decides it changes it.",
    "certificate_candidate": "Its batch says who drew it up and when, and there are thousands.",
    "claim_step": "A row says who did what with a claim, and when; it is never changed.",
    "demonstration_objection": "A new row says who objected, when and why.",
    "demonstration_step": "A row says who did what with an application, and when; it is never changed.",
    "discussion_post": "A new row says who wrote it and when.",
    "enrolment": "A new row says who enrolled and when.",
    "course_test_answer": "The questions of a paper; the attempt says who began it, and when.",
    "course_test_question": "What a test draws from; who published it, and when, is in its change.",
    "form_return_cell": "Computed when a form is issued, which is recorded, and there are thousands.",
    "leave": "A new row says who asked, when and why.",
    "learning_doubt": "Found by statements; who decides it changes it.",
    "learning_record": "It says itself who told what, and when; it is never changed, and there are millions.",
    "lesson": "Its timetable says who handed it in and when, and there are thousands.",
    "note": "A new row says who wrote it and when.",
    "trainee_attendance": "A new row says who entered it and when.",
    "course_review": "A row says who did what with a course, and when; it is never changed.",
    "course_version": "A row says who declared it, and when; it is never changed.",
    "evaluation_value": "Computed when an order is given, which is recorded, and there are thousands.",
    "pay_line": "Computed when a sheet is made, which is recorded, and there is one for each teacher.",
    "plan_review": "A row says who did what with a plan, and when; it is never changed.",
    "plan_version": "A row says who submitted what, and when; it is never changed.",
}
"""Tables whose new rows are not in the trail, while their changes are, with the reason."""

WITH_ACCOUNT = {
    # What is the account's own.
    "calendar_link", "client", "consent", "delivery_preference", "external_identity",
    "recovery_code", "role_grant", "second_factor",
    # What somebody said to others, of things that may lie anywhere.
    "discussion", "discussion_post", "post_decision", "post_report", "reminder",
}  # fmt: skip
"""Tables whose trail lies where the account does."""
PERHAPS_NOWHERE: dict[str, str] = {
    "webhook": "One without a unit is for all that its application may read.",
}
"""Tables whose rows may have no owner, so that their trail lies with the act's account, with the reason."""

SECRET = re.compile(r"secret|hash|sealed|password|token|(^|_)index$|digest|(^|_)key$")
"""Names of columns that may hold what nobody is to read."""
HARMLESS: dict[str, str] = {
    "archive_volume.sealed_at": "When it was sealed.",
    "archive_volume.sealed_by": "Who sealed it.",
    "account.first_password_until": "Until when it works.",
    "account.wrong_secrets": "How many were wrong.",
    "credit_claim.certificate_key": "The number of a certificate, as it is compared.",
    "credit_claim.title_key": "A title, as it is compared.",
    "bank_question.digest": "What two questions that ask the same have in common.",
    "client.previous_secret_until": "Until when the one before holds.",
    "survey_link.tokens": "How many there are.",
}
"""Columns with such a name that hold nothing secret, with the reason."""

_TRIGGERS = """
SELECT relname AS table, tgname AS name, tgargs AS arguments
FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
WHERE tgfoid = 'record_changes'::regproc
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_COLUMNS = """
SELECT relname AS table, attname AS column, atttypid = 'bytea'::regtype AS is_bytes, attnotnull AS given
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
WHERE attnum > 0 AND NOT attisdropped AND relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@pytest.fixture
async def triggers(driver: asyncpg.Connection) -> dict[str, dict[str, list[str]]]:
    """The arguments of each audited table's triggers, by the table and by the trigger's event."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in await driver.fetch(_TRIGGERS):
        arguments = row["arguments"].decode().split("\0")[:-1]
        found.setdefault(row["table"], {})[row["name"].removeprefix("audit_")] = arguments
    return found


def words(array: str) -> set[str]:
    """The words of an array as PostgreSQL writes it."""
    return set(filter(None, array.strip("{}").split(",")))


async def test_every_table_is_audited_or_says_why_not(
    driver: asyncpg.Connection, triggers: dict[str, Any]
) -> None:
    tables = {row["tablename"] for row in await driver.fetch(_TABLES)}
    assert tables - triggers.keys() == NOT_AUDITED.keys() & tables
    assert NOT_AUDITED.keys() <= tables
    assert triggers.keys() & NOT_AUDITED.keys() == set()


async def test_whatever_happens_to_a_row_is_recorded(triggers: dict[str, Any]) -> None:
    without_new = {table for table, events in triggers.items() if "insert" not in events}
    assert without_new == ONLY_CHANGED.keys()
    assert {
        table for table, events in triggers.items() if not events.keys() >= {"update", "delete"}
    } == set()


async def test_each_row_is_told_by_its_key(triggers: dict[str, Any]) -> None:
    assert [table for table, events in triggers.items() if not words(events["update"][0])] == []


async def test_bytes_and_secrets_are_hidden(
    driver: asyncpg.Connection, triggers: dict[str, Any]
) -> None:
    """A column that is added later is hidden by declaring its table audited once more."""
    shown = [
        f"{row['table']}.{row['column']}"
        for row in await driver.fetch(_COLUMNS)
        if row["table"] in triggers
        and (row["is_bytes"] or SECRET.search(row["column"]))
        and any(row["column"] not in words(each[1]) for each in triggers[row["table"]].values())
    ]
    assert [column for column in shown if column not in HARMLESS] == []


async def test_all_triggers_of_a_table_say_the_same(triggers: dict[str, Any]) -> None:
    different = [
        table for table, events in triggers.items() if len({tuple(e) for e in events.values()}) > 1
    ]
    assert different == []


async def test_what_has_no_place_lies_with_its_owner(
    driver: asyncpg.Connection, triggers: dict[str, Any]
) -> None:
    """Not with a file that belongs to it, and with who wrote it only where it belongs to them."""
    found = {(row["table"], row["column"]) for row in await driver.fetch(_COLUMNS)}
    always = {(row["table"], row["column"]) for row in await driver.fetch(_COLUMNS) if row["given"]}
    nowhere: set[str] = set()
    with_account: set[str] = set()
    perhaps_nowhere: set[str] = set()
    for table, events in triggers.items():
        owner, key = events["update"][3:]
        ways = list(zip(owner.split("|"), key.split("|"), strict=True))
        if (table, "county_id") in found:
            assert owner == "", table
            continue
        if owner == "":
            nowhere.add(table)
            continue
        for tables, columns in ways:
            names = [table, *tables.split("/")]
            assert set(zip(names, columns.split("/"), strict=False)) <= found, table
            assert {(name, "id") for name in names[1:]} <= found, table
            assert (names[-1], "county_id") in found, table
            assert names[-1] != "file", table
            if names[-1] == "account":
                with_account.add(table)
        if len(ways) == 1 and (table, key.split("/")[0]) not in always:
            perhaps_nowhere.add(table)
    assert nowhere == {"change_epoch"}
    assert with_account == WITH_ACCOUNT
    assert perhaps_nowhere == PERHAPS_NOWHERE.keys()


async def test_what_an_expert_says_of_a_topic_is_hidden(triggers: dict[str, Any]) -> None:
    """An appraisal refers to its expert: its trail lies at the expert's school, which is not told."""
    for arguments in triggers["topic_appraisal"].values():
        assert words(arguments[1]) == {"score", "opinion"}
