"""What a script waits for before its command does anything."""

import subprocess
import sys

HEAVY = ("fastapi", "strawberry", "app.request", "app.graphql", "app.domain.credits")


def test_who_talks_to_a_server_does_not_load_one() -> None:
    # Half a second instead of four, each time that a script runs a command.
    found = f"import sys, app.cli; print([each for each in {HEAVY} if each in sys.modules])"
    done = subprocess.run([sys.executable, "-c", found], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
