"""What the domain's functions look like, and what none of them may do."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import WINGS, Source, dotted, sources

NOBODY_ACTS: dict[str, str] = {
    "app.domain.quality.outcomes.count_outcomes": "Counted for whom a door has shown the teachers.",
    "app.domain.quality.pay_sheets.making.compute_parts": "A part of making and of answering, behind a door.",
    "app.domain.quality.incentives.proposing.parties_of": "A part of whatever is done, behind its door.",
    "app.domain.quality.collection_forms.form.cells_of": "A part of reading and confirming.",
    "app.domain.quality.stated_figures.registered": "Counted for whom a door has shown the unit.",
    "app.domain.quality.measures.reading.measure_units": "Counted for whom a door has shown the units.",
    "app.domain.quality.reports.figures.count_figures": "Counted for whom a door has shown the unit.",
    "app.domain.quality.school_comparisons.comparison.measure_schools": "The same.",
    "app.domain.quality.school_comparisons.comparison.schools_compared": "The same.",
    "app.domain.quality.archive_volumes.pieces.pieces_in_order": "A part of sealing, and of showing.",
    "app.domain.quality.arrived_growth_files.issuer.read_trusted": "A part of taking a record in.",
    "app.domain.people.provisions.recording.record_growth_provision": "A part of handing it over.",
    "app.domain.quality.unit_evaluations.evaluators.check_not_own": "A part of appointing and of acting.",
    "app.domain.quality.demonstrations.conditions.check_findings": "Parts of handing in and of awarding.",
    "app.domain.quality.demonstrations.conditions.findings_of": "The same.",
    "app.domain.quality.demonstrations.steps.call_of": "A part of every step, behind the application's door.",
    "app.domain.quality.demonstrations.steps.check_disinterested": "A part of every step of a bureau.",
    "app.domain.quality.unit_evaluations.values.asked_of": "A part of whatever is done, behind its door.",
    "app.domain.quality.unit_evaluations.values.values_of": "The same.",
    "app.domain.credits.certificates.doubts.doubt_certificates": "A part of whatever strikes credit.",
    "app.domain.credits.credit_loans.lending.collect_due_loans": "A process does it by itself.",
    "app.domain.access.holders.check_in_office": "A part of appointing, behind its door.",
    "app.domain.access.accounts.insert_account": "A part of opening an account, after its checks.",
    "app.domain.access.accounts.raise_security_version": "A part of every change of rights.",
    "app.domain.access.accounts.announce_security": "A part of whatever ends a sign-in.",
    "app.domain.access.attempts": "Whoever tries has not said yet who they are.",
    "app.domain.access.audit.chain.read_head": "Where the chain ends, for whoever adds to it.",
    "app.domain.access.audit.chain.seal_trail": "A process does it by itself, every few seconds.",
    "app.domain.access.audit.verification": "The operator's: it reads everything, on the host.",
    "app.domain.access.authorisation_codes": "Who asks is what the code tells.",
    "app.domain.access.clients.asking": "The application that asks is no actor yet.",
    "app.domain.access.consents.give_consent": "A part of signing in on the page, after its checks.",
    "app.domain.access.consents.hold_consent": "A part of what begins under it.",
    "app.domain.access.administrators": "Parts of revoking and suspending, behind their doors.",
    "app.domain.access.delegations.delegation.ended_delegations": "Read by every process that starts.",
    "app.domain.access.device_codes": "Who asks is what the page finds out.",
    "app.domain.access.holders.raise_versions_over": "A part of every change of a subject.",
    "app.domain.access.identities.account_of_identity": "Who asks is what the provider has proved.",
    "app.domain.access.identity_requests": "Who asks is what comes back from the provider.",
    "app.domain.access.identities.keep_identity": "A part of linking, after what is to be proved.",
    "app.domain.access.identity_providers.offered_providers": "Offered to whoever is not known yet.",
    "app.domain.access.identity_providers.read_offered_provider": "A part of signing in there.",
    "app.domain.access.second_factors.enrolling.drop_second_factor": "A part of removing and resetting.",
    "app.domain.access.second_factors.factor": "Parts of signing in: who asks is found out there.",
    "app.domain.access.grants.insert_grant": "A part of granting, after its checks.",
    "app.domain.access.refresh_tokens": "Who asks is what a refresh token tells.",
    "app.domain.access.sign_in": "Who asks is what a sign-in finds out.",
    "app.domain.access.sign_ins.begin_sign_in": "A part of signing in.",
    "app.domain.access.sign_ins.ended_sign_ins": "Read by every process that starts.",
    "app.domain.access.sign_ins.stop_sign_in": "A token given back, or in two hands, ends it.",
    "app.domain.access.sign_ins.stop_sign_ins": "A part of suspending, and of another password.",
    "app.domain.access.sign_ins.stop_sign_ins_of_client": "A part of taking a consent back.",
    "app.domain.access.sign_ins.tidy_sign_ins": "A process does it by itself, every few minutes.",
    "app.domain.access.sign_ins.use_sign_in": "A part of renewing it.",
    "app.domain.access.subjects.check_schools_reached": "A part of granting and of joining a network.",
    "app.domain.access.subjects.hold_subject": "The place by which granting is then checked.",
    "app.domain.access.subjects.holder_of_assignment": "A part of granting: to whom alone.",
    "app.domain.access.holders.roles_held": "What an account holds, before it is ended.",
    "app.domain.access.subjects.place_of_subject": "The place by which granting is then checked.",
    "app.domain.credits.certificates.documents.make_document": "A part of it; and of sealing.",
    "app.domain.credits.certificates.documents.read_printed": "A part of sealing.",
    "app.domain.credits.certificates.issuing.issue_certificates": "A part of approving and of replacing.",
    "app.domain.credits.certificates.qualifying": "Parts of drawing up and of approving.",
    "app.domain.credits.certificates.sealing": "Each process does it, of what waits.",
    "app.domain.credits.certificates.credentials.sign_status_list": "Anybody may ask what was revoked.",
    "app.domain.credits.certificates.verifying": "Whoever holds a certificate in the hand.",
    "app.domain.credits.conditions.reading.read_registrations": "What judging is told, behind a door.",
    "app.domain.credits.forecasts.ahead": "What lies ahead of a teacher whom a door has shown.",
    "app.domain.credits.claim_publications.settling": "A process does it by itself, every few minutes.",
    "app.domain.credits.claims.awarding.assess_claim": "A part of submitting, behind its door.",
    "app.domain.credits.claims.duplicates": "A part of submitting, behind its door.",
    "app.domain.credits.claims.entering": "A part of deciding, behind its door.",
    "app.domain.credits.claims.lapsing": "A process does it by itself, every few minutes.",
    "app.domain.credits.claims.outside": "A part of submitting, behind its door.",
    "app.domain.credits.claims.steps.move_claims": "A part of every step, behind its door.",
    "app.domain.credits.claims.submitting.hold_claims": "A part of every step, behind its door.",
    "app.domain.credits.school_years.checking": "Asked by whoever writes credit, behind their doors.",
    "app.domain.credits.entries.reading.teachers_credited": "A part of correcting, behind its door.",
    "app.domain.credits.entries.ledger": "Parts of recognising and reversing, behind their doors.",
    "app.domain.credits.person_mergers.following": "Parts of accepting a merger, behind its door.",
    "app.domain.credits.person_mergers.numbering": "A part of accepting a merger, behind its door.",
    "app.domain.credits.person_mergers.ledger": "A part of accepting a merger, behind its door.",
    "app.domain.credits.standings.failures": "A process puts them down, and the operator lists them.",
    "app.domain.credits.recognition.claimed.claimed_before": "A part of recognising.",
    "app.domain.credits.recognition.recognising.recognise_source": "Behind the door of what is recognised.",
    "app.domain.credits.recognition.sources": "Parts of explaining and of merging, behind their doors.",
    "app.domain.credits.standings.facts": "What counting is told, once a door has shown the person.",
    "app.domain.credits.standings.governing": "The rules by which somebody is counted, whoever asks.",
    "app.domain.credits.standings.stored": "Parts of reading standings, behind their doors.",
    "app.domain.credits.standings.writing": "Parts of recognising and reversing, behind their doors.",
    "app.domain.credits.ledger_heads.head.read_ledger_keys": "For whoever verifies a head.",
    "app.domain.credits.ledger_heads.signing": "Each process does it, once a day.",
    "app.domain.credits.what_ifs.counting": "A job does it, of what was asked behind a door.",
    "app.domain.credits.what_ifs.what_if.tidy_what_ifs": "Each process does it, every ten minutes.",
    "app.domain.credits.verification": "The operator's: it reads everything, on the host.",
    "app.domain.credits.verification.chains": "The operator's: it reads everything, on the host.",
    "app.domain.credits.verification.derived": "The operator's: it reads everything, on the host.",
    "app.domain.credits.verification.heads": "The operator's: it reads everything, on the host.",
    "app.domain.credits.standings.due": "The operator has it done every night: `yanxun recount`.",
    "app.domain.credits.standings.takeover": "So is this.",
    "app.domain.exchange.arrivals.taking_in.arrivals_reached": "A process fetches by itself.",
    "app.domain.exchange.arrivals.taking_in.cities_told": "A process fetches by itself, for each.",
    "app.domain.exchange.arrivals.taking_in.take_in_arrivals": "A process fetches by itself.",
    "app.domain.exchange.province_codes.read_codes": "A part of making a submission, behind its door.",
    "app.domain.exchange.reconciliations.comparing": "A process compares by itself what was asked for.",
    "app.domain.exchange.changes.unit_sets.tidy_unit_sets": "A process does it, every few minutes.",
    "app.domain.exchange.imports.room.hold_room": "A part of handing in a file, behind its door.",
    "app.domain.exchange.batches.batch.count_entries": "A part of making a submission of it.",
    "app.domain.exchange.batches.batch.read_content": "The same, and of reading it behind its door.",
    "app.domain.exchange.submissions.continuing": "A job puts down the rest of what was asked for.",
    "app.domain.exchange.submissions.delivering": "A process hands over by itself.",
    "app.domain.exchange.submissions.gathering": "Parts of making a submission, behind its door.",
    "app.domain.exchange.submissions.putting_down.continue_gathering": "A part of making and hastening.",
    "app.domain.exchange.submissions.putting_down.gather_anew": "A part of making one, and of its job.",
    "app.domain.exchange.submissions.putting_down.record_provided": "The same.",
    "app.domain.exchange.submissions.putting_down.records_of": "The same.",
    "app.domain.exchange.submissions.roster": "A part of making a submission, behind its door.",
    "app.domain.exchange.deliveries.sending": "Each process works through the queue by itself.",
    "app.domain.exchange.imports.checking": "The worker does it, for whoever handed the file in.",
    "app.domain.exchange.imports.forgetting": "Each process does it, a few times a day.",
    "app.domain.exchange.imports.certificate_files": "A part of comparing: at the unit of an import.",
    "app.domain.exchange.imports.kinds.activities": "A part of comparing: within the place of an import.",
    "app.domain.exchange.imports.kinds.titled": "A part of comparing: within the place of an import.",
    "app.domain.exchange.imports.kinds.withdrawn": "A part of taking back, by the rows of an import.",
    "app.domain.exchange.imports.known": "A part of checking: of what imports have entered.",
    "app.domain.exchange.imports.missing.count_missing": "A part of the check, behind its door.",
    "app.domain.exchange.imports.named_persons": "A part of comparing: within the place of an import.",
    "app.domain.exchange.imports.returning.returned_lines": "Of an import that its door has shown.",
    "app.domain.exchange.imports.persons": "A part of comparing: within the place of an import.",
    "app.domain.exchange.imports.places": "A part of comparing: within the place of an import.",
    "app.domain.exchange.imports.staging": "Parts of the work on an import, behind its door.",
    "app.domain.exchange.reminders.telling.queue_due_tasks": "A process does it by itself, every minute.",
    "app.domain.exchange.changes.unit_sets.read_position": "What a cursor says, whoever brings it.",
    "app.domain.exchange.changes.unit_sets.keep_units": "A part of reading, and of telling.",
    "app.domain.exchange.changes.positions": "Parts of reading the feed, within a scope that is given.",
    "app.domain.exchange.webhooks.message.tidy_webhook_messages": "A process does it by itself.",
    "app.domain.exchange.webhooks.telling": "Each process tells applications by itself.",
    "app.domain.exchange.webhooks.told": "As whom an application is told, whoever brings it about.",
    "app.domain.organisation.founding": "Before a city is founded there is nobody in it.",
    "app.domain.organisation.facts": "Parts of reading and recording dated facts, behind their doors.",
    "app.domain.organisation.location_classes": "Parts of setting up a school and of classing its place.",
    "app.domain.organisation.names_and_codes": "Parts of setting up, naming and coding a unit.",
    "app.domain.organisation.reorganisations.following": "Parts of a reorganisation, behind its door.",
    "app.domain.organisation.reorganisations.service": "A part of a reorganisation, behind its door.",
    "app.domain.organisation.reorganisations.pairs": "Parts of a reorganisation, behind its door.",
    "app.domain.organisation.networks.administration.keep_tree": "A part of joining and assigning.",
    "app.domain.exchange.imports.kinds.budgets.budgets_known": "A part of importing, in the import's place.",
    "app.domain.organisation.designations.awarding.end_given_designation": "Behind the title's own door.",
    "app.domain.organisation.designations.awarding.restore_designation": "Behind the title's own door.",
    "app.domain.organisation.units.register.hold_open_unit": "A part of what another door was passed for.",
    "app.domain.organisation.units.register.lock_city": "A part of rearranging the units of a city.",
    "app.domain.people.growth.targets.read_targets": "What is expected somewhere, behind a door.",
    "app.domain.people.optional_data.consent.hold_data_consent": "A part of what is kept under it.",
    "app.domain.people.optional_data.phone.erase_phone": "A part of removing, and of withdrawing.",
    "app.domain.people.personal_data.resealing": "The operator's, after the key was replaced.",
    "app.domain.people.transfers.following": "Parts of completing a transfer, behind its door.",
    "app.domain.people.transfers.steps.hold_sides": "A part of every step of a transfer.",
    "app.domain.people.provisions.recording.record_batch_provision": "A part of making a batch.",
    "app.domain.people.provisions.recording.record_reads": "Each process does it, of what it has counted.",
    "app.domain.people.retention.count_overdue": "The operator's: `yanxun retention --dry-run`.",
    "app.domain.people.retention.erase_overdue": "The operator's: `yanxun retention`.",
    "app.domain.organisation.reorganisations.dating": "A part of reorganising, behind its door.",
    "app.domain.organisation.reorganisations.ending.end_what_holds": "A part of reorganising.",
    "app.domain.people.facts.finding": "Parts of the writes of careers, behind their door.",
    "app.domain.people.facts.writing": "Parts of the writes of careers, behind their door.",
    "app.domain.people.teachers.entering": "Parts of entering teachers, behind a door.",
    "app.domain.people.teachers.register.touch_teacher": "A part of those writes.",
    "app.domain.people.teachers.register.touch_teachers": "A part of those writes.",
    "app.domain.learning.choice_rounds.offering.hold_offerings": "A part of it, behind a round's door.",
    "app.domain.learning.choice_rounds.offering.keep_places": "A part of it, behind a round's door.",
    "app.domain.learning.learning_progress.counting": "Each process does it, of what has fallen due.",
    "app.domain.learning.learning_doubts.settling": "Each process does it, of what has fallen due.",
    "app.domain.learning.learning_records.looking_up": "Parts of telling, behind its permission.",
    "app.domain.learning.learning_records.keeping.mark_due": "A part of telling, and of deciding.",
    "app.domain.learning.choices.applying": "A part of deciding, behind a round's door.",
    "app.domain.learning.choices.choosing.choice_of": "A part of choosing, behind a round's door.",
    "app.domain.training.enrolments.clashing": "Parts of choosing and deciding, behind a round's door.",
    "app.domain.learning.choices.requiring": "A part of choosing, behind a round's door.",
    "app.domain.learning.choices.preferring": "A part of choosing, behind a round's door.",
    "app.domain.training.activities.owners.write_joint_owners": "A part of drafting, behind a door.",
    "app.domain.training.forms.publishing.load_forms": "A part of founding a city.",
    "app.domain.training.attendance.situation": "Parts of checking in and out, for who is addressed.",
    "app.domain.training.attendance.writing": "A part of keeping the register, behind its door.",
    "app.domain.training.doubts.finding": "Done on closing, and by the operator every night.",
    "app.domain.training.evidence.orphans": "Each process does it, a few times a day.",
    "app.domain.training.files.file.stored_file": "Whoever has a signed link.",
    "app.domain.quality.budgets.holding.hold_lines": "A part of every movement of money.",
    "app.domain.quality.fund_commitments.hold_commitment": "A part of paying out of a commitment.",
    "app.domain.quality.fund_verification": "Asked by the operator, of the books of all units.",
    "app.domain.training.files.verification": "The same, of the files.",
    "app.domain.training.files.keeping.hold_content": "A part of keeping and of forgetting content.",
    "app.domain.training.notes.comparing": "A part of submitting; and the operator's, over all.",
    "app.domain.training.survey_links.forms": "Parents, who have no account.",
    "app.domain.training.surveys.audience.write_audience": "A part of drafting, behind its door.",
    "app.domain.training.surveys.counting.count_both": "Counted once both doors were opened.",
    "app.domain.training.enrolments.room.fill_freed_places": "Each process does it, as time goes by.",
    "app.domain.training.surveys.states.close_due_surveys": "Each process does it, when time is over.",
    "app.domain.exchange.changes.epochs.raise_change_epoch": "The operator's, after a restoration.",
    "app.domain.exchange.exports.making.keep_export": "The last part of making a file.",
    "app.domain.exchange.exports.making.read_asked": "Who asked is what it tells.",
    "app.domain.exchange.exports.making.read_fetched": "Whoever has a link to the file.",
    "app.domain.exchange.exports.making.tidy_exports": "A process does it by itself, every few minutes.",
    "app.domain.training.calendar_links.showing": "A calendar program knows an address, and nothing else.",
    "app.domain.training.enrolments.entering": "Parts of enrolling and nominating, behind their doors.",
    "app.domain.training.enrolments.room": "Parts of whatever gives or takes places, behind its door.",
}
"""Public functions of the domain that take no actor, or whole modules of them, with the reason."""

VERB_NOUN = re.compile(r"[a-z]+(_[a-z0-9]+)+")
CLOCKS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.monotonic",
    "time.time",
    "time.time_ns",
}


def public_functions(source: Source) -> Iterator[tuple[str, ast.AsyncFunctionDef]]:
    """The asynchronous functions that a module of the domain offers to others."""
    for node in source.tree.body:
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield f"{source.module}.{node.name}", node


def wrong_signatures(found: tuple[Source, ...]) -> list[str]:
    wrong = []
    for source in found:
        for name, function in public_functions(source):
            nobody = {name, source.module} & NOBODY_ACTS.keys()
            expected = ["db"] if nobody else ["db", "actor"]
            arguments = function.args
            positional = [argument.arg for argument in arguments.posonlyargs + arguments.args]
            plain = not (arguments.vararg or arguments.kwarg or arguments.defaults)
            if not (VERB_NOUN.fullmatch(function.name) and positional == expected and plain):
                wrong.append(f"{name}({', '.join(positional)}), line {function.lineno}")
    return wrong


def forbidden_calls(found: tuple[Source, ...]) -> list[str]:
    """Commits, clocks and relationships: the faces commit, time is handed in, ids are the links."""
    return [
        f"{source.path}:{line}: {name}("
        for source in found
        for name, line in source.calls
        if name.endswith(".commit")
        or name.rpartition(".")[2] == "Relationship"
        or ".".join(name.split(".")[-2:]) in CLOCKS
    ]


def uses(found: tuple[Source, ...], forbidden: str) -> list[str]:
    return [
        f"{source.path}:{node.lineno}"
        for source in found
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and dotted(node).rpartition(".")[2] == forbidden
    ]


def selects(found: tuple[Source, ...]) -> list[str]:
    return [
        f"{source.path}:{line}"
        for source in found
        for name, line in source.calls
        if name.rpartition(".")[2] == "select"
    ]


@pytest.fixture(scope="module")
def domain() -> tuple[Source, ...]:
    found = sources("app/domain")
    assert any(source.path == "app/domain/errors.py" for source in found)
    return found


def test_domain_functions_say_on_which_connection_and_for_whom(domain: tuple[Source, ...]) -> None:
    wings = tuple(f"app/domain/{wing}/" for wing in WINGS)
    assert wrong_signatures(tuple(s for s in domain if s.path.startswith(wings))) == []


def test_exempt_functions_still_exist(domain: tuple[Source, ...]) -> None:
    existing = {
        named
        for source in domain
        for name, _ in public_functions(source)
        for named in (name, source.module)
    }
    assert NOBODY_ACTS.keys() <= existing


def unlocked(found: tuple[Source, ...]) -> list[str]:
    """Writes that heed `If-Match` and compare it with a row that another may change before they do."""
    return [
        f"{source.path}:{function.lineno}: {function.name}"
        for source in found
        for function in ast.walk(source.tree)
        if isinstance(function, ast.AsyncFunctionDef)
        and any(argument.arg == "db" for argument in function.args.args)
        for called in [[each for each in ast.walk(function) if isinstance(each, ast.Call)]]
        if any(dotted(each.func) == "check_if_match" for each in called)
        and not any(keyword.arg == "lock" for each in called for keyword in each.keywords)
    ]


def test_what_if_match_is_compared_with_is_held() -> None:
    """Or two who have read the same both find it as it was, and the second writes over the first."""
    assert unlocked(sources("app/api")) == []
    text = "async def update(db):\n    check_if_match(request, await get_one(db))"
    assert unlocked((Source(path="app/api/example.py", text=text),)) != []


def test_domain_neither_commits_nor_looks_at_a_clock(domain: tuple[Source, ...]) -> None:
    assert forbidden_calls(domain) == []


def test_domain_does_not_speak_http(domain: tuple[Source, ...]) -> None:
    assert uses(domain, "HTTPException") == []


def test_statements_are_composed_in_the_domain_alone() -> None:
    others = tuple(
        source
        for source in sources("app")
        if not source.path.startswith("app/domain/") and source.path != "app/sql.py"
    )
    assert others
    assert selects(others) == []


@pytest.mark.parametrize(
    "text",
    [
        "async def get_unit(db, *, id): ...",
        "async def get_unit(actor, db, *, id): ...",
        "async def get_unit(db, actor, id): ...",
        "async def get_unit(db, actor=None, *, id): ...",
        "async def get_unit(db, actor, *ids): ...",
        "async def get_unit(db, actor, **fields): ...",
        "async def unit(db, actor): ...",
    ],
)
def test_a_wrong_signature_is_found(text: str) -> None:
    assert len(wrong_signatures((Source("app/domain/people/example.py", text),))) == 1


@pytest.mark.parametrize(
    "text",
    ["async def get_unit(db, actor, *, id): ...", "def parse(text): ...", "async def _x(): ..."],
)
def test_a_right_signature_passes(text: str) -> None:
    assert wrong_signatures((Source("app/domain/people/example.py", text),)) == []


@pytest.mark.parametrize(
    "text",
    [
        "await db.commit()",
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "teachers: list[Teacher] = Relationship()",
        "sqlmodel.Relationship()",
    ],
)
def test_a_forbidden_call_is_found(text: str) -> None:
    assert len(forbidden_calls((Source("app/domain/example.py", text),))) == 1


def test_the_clock_of_the_database_is_allowed() -> None:
    assert forbidden_calls((Source("app/domain/example.py", "func.now()"),)) == []


def test_a_stray_select_and_a_stray_status_are_found() -> None:
    example = (Source("app/api/example.py", "sqlalchemy.select(1)\nraise HTTPException(404)"),)
    assert selects(example) == ["app/api/example.py:1"]
    assert uses(example, "HTTPException") == ["app/api/example.py:2"]
