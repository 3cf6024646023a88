"""What is deployed says what is so: the image, compose, the units of systemd, the rules of alerts."""

import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.routing import iter_route_contexts
from prometheus_client import REGISTRY
from typer.main import get_command

from app.cli import commands
from app.main import create_application
from app.request import figures
from app.settings import Settings
from tests.architecture.source import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
RUNBOOK = (ROOT / "docs" / "operation.md").read_text("utf-8")
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
OF_PROMETHEUS = {"up", "process_resident_memory_bytes", "process_open_fds", "process_max_fds"}
"""What Prometheus says itself, and what its client says of a process on Linux."""
WORDS = {"sum", "rate", "by", "le", "histogram_quantile"}


def instructions() -> list[list[tuple[str, str]]]:
    """The instructions of the Dockerfile by stage, each in one line."""
    text = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n", "", DOCKERFILE))
    stages: list[list[tuple[str, str]]] = []
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            stages.append([])
        if word and stages:
            stages[-1].append((word, rest))
    return stages


def last(word: str) -> str:
    """The last instruction of this kind in the last stage, which alone counts."""
    return [rest for each, rest in instructions()[-1] if each == word][-1]


def settings_names() -> set[str]:
    """The names that settings have in the environment."""
    return {
        str(field.validation_alias or f"YANXUN_{name.upper()}")
        for name, field in Settings.model_fields.items()
    }


@pytest.fixture(scope="module")
def paths() -> set[str]:
    """The templates of all addresses, of the application as it is made; its figures exist from then on."""
    made = create_application(Settings(database_url="postgresql://a@/b"))
    return {str(each.path) for each in iter_route_contexts(made.routes)}


def check_command(words: list[str]) -> None:
    """That a command line of ours can be understood: the command exists and takes these options."""
    context = get_command(commands).make_context("yanxun", list(words), resilient_parsing=True)
    command: Any = context.command
    name, found, rest = command.resolve_command(context, words)
    assert found is not None, words
    found.make_context(name, rest, parent=context)


def test_the_image_runs_as_nobody_in_particular() -> None:
    account, _, group = last("USER").partition(":")
    assert account.isdigit()
    assert group.isdigit()
    assert "0" not in {account, group}
    made = " ".join(rest for word, rest in instructions()[-1] if word == "RUN")
    assert f"--uid {account}" in made
    assert f"--gid {group}" in made


def test_the_image_starts_what_is_there() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    [entry] = yaml.safe_load(last("ENTRYPOINT"))
    assert entry in scripts
    check_command(yaml.safe_load(last("CMD")))


def test_the_image_takes_what_exists_and_all_that_is_needed() -> None:
    sources = [
        source for word, rest in instructions()[0] if word == "COPY" for source in rest.split()[:-1]
    ]
    assert [each for each in sources if not (ROOT / each).exists()] == []
    assert {"requirements.lock", "pyproject.toml", "alembic", "app"} <= set(sources)
    assert "--require-hashes" in DOCKERFILE


def test_the_image_and_compose_set_what_can_be_set() -> None:
    named = set(re.findall(r"\b((?:YANXUN|DATABASE)_[A-Z_]+|PORT)=", DOCKERFILE))
    for service in ("migrate", "application"):
        named |= COMPOSE["services"][service]["environment"].keys()
    assert named - settings_names() == set()


def test_the_image_asks_a_route_whether_it_is_well(paths: set[str]) -> None:
    asked = re.findall(r"127\.0\.0\.1:\{[^}]*\}(/\w+)", last("HEALTHCHECK"))
    assert len(asked) == 1
    assert asked[0] in paths


def test_compose_gives_the_owner_to_the_migration_alone() -> None:
    services = COMPOSE["services"]
    assert "DATABASE_OWNER_URL" in services["migrate"]["environment"]
    assert "DATABASE_OWNER_URL" not in services["application"]["environment"]
    check_command(services["migrate"]["command"])
    for service in ("migrate", "application"):
        assert services[service]["cap_drop"] == ["ALL"]
        assert services[service]["read_only"]
        assert services[service]["security_opt"] == ["no-new-privileges:true"]
    for port in services["application"]["ports"]:
        assert port.startswith("127.0.0.1:")
    mounted = [each.split(":")[0] for each in services["database"]["volumes"] if each[0] == "."]
    assert [each for each in mounted if not (ROOT / each).exists()] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_start_what_is_there(unit: Path) -> None:
    lines = re.findall(r"(?m)^ExecStart=(.*)$", unit.read_text("utf-8"))
    for line in lines:
        program, *words = shlex.split(line)
        assert program == "/srv/yanxun/.venv/bin/yanxun"
        check_command(words)
    named = set(re.findall(r"\b(YANXUN_[A-Z_]+)=", unit.read_text("utf-8")))
    assert named - settings_names() == set()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_units_are_understood_by_systemd(tmp_path: Path) -> None:
    """Only the program lies elsewhere here than on the machine that the units are for."""
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/srv/yanxun/.venv/bin/yanxun", "/bin/true")
        (tmp_path / unit.name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / unit.name for unit in UNITS)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_alerts_ask_for_figures_that_exist(paths: set[str]) -> None:
    told = {
        sample
        for family in REGISTRY.collect()
        for sample in (family.name, f"{family.name}_total", f"{family.name}_bucket")
    } | OF_PROMETHEUS
    labels = {"status", "route", "job"}
    for rule in RULES:
        bare = re.sub(r'"[^"]*"', "", rule["expr"])
        names = set(re.findall(r"[a-z_]{2,}", bare)) - WORDS - labels
        assert names, rule
        assert names - told == set(), rule["alert"]


def test_alerts_ask_for_labels_that_exist(paths: set[str]) -> None:
    asked = {name for rule in RULES for name in re.findall(r"(\w+)(?:=~|!=|=)\"", rule["expr"])}
    assert asked <= {*figures.REQUESTS._labelnames, "job"}
    routes = {each for rule in RULES for each in re.findall(r'route!?="([^"]*)"', rule["expr"])}
    assert routes
    assert routes <= paths


def test_each_alert_is_in_the_runbook_and_nothing_else() -> None:
    headings = set(re.findall(r"(?m)^### (Yanxun\w+)$", RUNBOOK))
    assert headings == {rule["alert"] for rule in RULES}
    for rule in RULES:
        assert rule["annotations"]["runbook"] == f"docs/operation.md#{rule['alert'].lower()}"
        assert rule["labels"]["severity"] in {"critical", "warning"}


def test_an_unknown_command_is_found() -> None:
    with pytest.raises(BaseException):  # noqa: B017, PT011  what typer raises for one differs
        check_command(["nightly"])
    with pytest.raises(BaseException):  # noqa: B017, PT011
        check_command(["backup", "there", "--forever"])
