# Everything a person or the continuous integration runs. `make` alone prints this list.
#
# Only relative paths stand here, because GNU make splits names at spaces and the checkout may lie
# in a folder that has one. What is made is remembered by stamp files in .venv, so that a second
# `make run` starts at once.

PYTHON ?= python3
UV ?= uv
POSTGRES_15 ?= /usr/lib/postgresql/15/bin
TESTS ?=
# What `make prove` is asked besides: LONG=1 by hand, SEED=417 to draw again, ONLY=kills,racers.
LONG ?=
SEED ?=
ONLY ?=
# How much is drawn by `make fuzz`, `make mutate`, `make fuzz-parsers`; the same again by the same SEED.
CASES ?= 5000
COUNT ?= 50
SECONDS ?= 60
# One process for each core, each with a database server of its own.
WORKERS ?= auto

RUN := .venv/bin/python -m
INSTALL := $(RUN) pip install --quiet --quiet --require-hashes --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check check-15 test-15 format lint types imports contract sdk bench prove fuzz fuzz-parsers mutate sbom audit lock setup clean

help: ## Print this list.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: .venv/.runtime ## Start everything with a demo city (PORT=8000). Ctrl-C ends it.
	@exec .venv/bin/yanxun run

test: .venv/.development ## Run the tests (TESTS="tests/domain -k credit" runs some).
	@$(RUN) pytest --numprocesses $(WORKERS) $(TESTS)

check: lint types imports test ## Everything a change must pass: format, lint, types, imports, tests.

test-15: .venv/.development ## Run the tests on PostgreSQL 15, where Debian's is installed.
	@test -x "$(POSTGRES_15)/initdb" || { echo "PostgreSQL 15 is not in $(POSTGRES_15)." >&2; exit 1; }
	@YANXUN_POSTGRES_BINARIES="$(POSTGRES_15)" $(RUN) pytest --numprocesses $(WORKERS) $(TESTS)

format: .venv/.development ## Format the code and apply the safe fixes of the linter.
	@$(RUN) ruff check --fix --quiet .
	@$(RUN) ruff format .

lint: .venv/.development ## Check the format and the lint rules.
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .

types: .venv/.development ## Check the types.
	@$(RUN) mypy

imports: .venv/.development ## Check who may import whom.
	@.venv/bin/lint-imports

contract: .venv/.runtime ## Rewrite docs/openapi.json and app/graphql/schema.graphql.
	@.venv/bin/yanxun contract

sdk: .venv-sdk/.made ## Generate the clients from the contract: sdk/README.md.
	@.venv-sdk/bin/python sdk/generate.py

bench: .venv/.development ## Measure each promised figure beside bare asyncpg, in one run.
	@$(RUN) bench

prove: .venv/.development ## Kill, cut and flood it, and count after: docs/proof.md (LONG=1 SEED=1 ONLY=kills).
	@$(RUN) prove $(if $(LONG),--long) $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only $(ONLY))

fuzz: .venv/.development ## Draw requests at random for three roles (CASES=100000 SEED=1).
	@$(RUN) fuzz --cases $(CASES) --seed $(or $(SEED),1)

fuzz-parsers: .venv-fuzz/.made ## Look for texts that break what reads them (SECONDS=60 for each).
	@for name in $$($(RUN) fuzz.parsers); do \
	    echo "$$name"; \
	    PYTHONPATH=. .venv-fuzz/bin/python fuzz/coverage_guided.py "$$name" ".yanxun-fuzz/corpus/$$name" \
	        -seed=$(or $(SEED),1) -max_total_time=$(SECONDS) -print_final_stats=1 || exit 1; \
	done

mutate: .venv/.development ## Make the code wrong in many places, and see whether the tests notice.
	@$(RUN) mutate --count $(COUNT) --seed $(or $(SEED),1)

sbom: .venv/.runtime ## Write the bill of materials (CycloneDX): build/sbom.cdx.json.
	@$(RUN) scripts.sbom build/sbom.cdx.json

audit: .venv-audit/.made ## Ask whether what is locked has known vulnerabilities (needs the internet).
	@.venv-audit/bin/python scripts/audit.py

lock: ## Resolve the dependencies anew (needs uv) and rewrite the lock files.
	@command -v "$(UV)" >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	@for name in requirements requirements-dev; do \
	    case $$name in requirements) group=build;; *) group=dev;; esac; \
	    "$(UV)" pip compile pyproject.toml --group $$group --output-file $$name.lock --upgrade \
	        --universal --python-version 3.11 --generate-hashes \
	        --no-emit-index-url --no-emit-find-links \
	        --custom-compile-command "make lock" --quiet || exit 1; \
	done
	@for name in sdk fuzz; do \
	    "$(UV)" pip compile $$name/requirements.in --output-file $$name/requirements.lock --upgrade \
	        --universal --python-version 3.11 --generate-hashes \
	        --no-emit-index-url --no-emit-find-links \
	        --custom-compile-command "make lock" --quiet || exit 1; \
	done
	@"$(UV)" pip compile scripts/audit.in --output-file scripts/audit.lock --upgrade \
	    --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" --quiet

setup: .venv/.development ## Make .venv with all that development needs.

clean: ## Remove .venv and what tools remember. The data folder .yanxun stays.
	@rm -rf .venv .venv-audit .venv-fuzz .venv-sdk sdk/build sdk/typescript/node_modules sdk/typescript/dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

.venv/.made:
	@command -v "$(PYTHON)" >/dev/null || { echo "Python 3.11 or newer is needed: $(PYTHON) was not found. Say which one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; $(PYTHON) is %d.%d. Say which one: make PYTHON=/path/to/python3" % sys.version_info[:2])'
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) lacks the venv module; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making .venv"
	@"$(PYTHON)" -m venv .venv
	@touch $@

.venv/.runtime: .venv/.made requirements.lock pyproject.toml
	@echo "Installing what requirements.lock names"
	@$(INSTALL) --requirement requirements.lock
	@$(RUN) pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.development: .venv/.runtime requirements-dev.lock
	@echo "Installing what requirements-dev.lock names"
	@$(INSTALL) --requirement requirements-dev.lock
	@touch $@

# The generators cannot share an environment with the application: sdk/requirements.in says why.
.venv-sdk/.made: sdk/requirements.lock
	@echo "Installing what sdk/requirements.lock names"
	@"$(PYTHON)" -m venv .venv-sdk
	@.venv-sdk/bin/python -m pip install --quiet --quiet --require-hashes \
	    --disable-pip-version-check --requirement sdk/requirements.lock
	@touch $@

# What asks about vulnerabilities is no part of what is delivered or developed with.
.venv-audit/.made: scripts/audit.lock
	@echo "Installing what scripts/audit.lock names"
	@"$(PYTHON)" -m venv .venv-audit
	@.venv-audit/bin/python -m pip install --quiet --quiet --require-hashes \
	    --disable-pip-version-check --requirement scripts/audit.lock
	@touch $@

# What is compiled for some platforms only lies apart, and looks into .venv for everything else.
.venv-fuzz/.made: .venv/.development fuzz/requirements.lock
	@echo "Installing what fuzz/requirements.lock names"
	@"$(PYTHON)" -m venv .venv-fuzz
	@.venv-fuzz/bin/python -m pip install --quiet --quiet --require-hashes \
	    --disable-pip-version-check --requirement fuzz/requirements.lock
	@.venv-fuzz/bin/python -c 'import pathlib, subprocess, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "development.pth").write_text(subprocess.check_output([".venv/bin/python", "-c", "import sysconfig; print(sysconfig.get_path(\"purelib\"))"], text=True))'
	@touch $@
