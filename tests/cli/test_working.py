"""`yanxun work`: a process of its own, which stops when it is asked to."""

import os
import signal
import subprocess
from pathlib import Path

from app.database.embedded import Urls
from tests.cli.test_run import YANXUN


def test_it_works_until_it_is_asked_to_stop(urls: Urls, tmp_path: Path) -> None:
    variables = os.environ | {
        "DATABASE_URL": urls.application,
        "YANXUN_DATA_FOLDER": str(tmp_path),
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        [YANXUN, "work"], env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        assert "Ctrl-C" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert process.stdout.read() == ""
