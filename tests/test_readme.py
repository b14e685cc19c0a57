"""Every command of the README is one that runs, in the order in which it stands there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import serving

ROOT = Path(__file__).parents[1]
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
TASKS = ("make run", "make test")
"""What starts all this; run by hand, and by whoever runs this test."""


def commands() -> list[str]:
    """The lines that begin with a prompt."""
    blocks = CONSOLE.findall((ROOT / "README.md").read_text())
    lines = [
        line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")
    ]
    return [line for line in lines if line not in TASKS]


@pytest.mark.needs("curl")
def test_the_commands_of_the_readme_run_and_end_in_the_feed(tmp_path: Path) -> None:
    (tmp_path / "openapi").symlink_to(ROOT / "openapi")
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parents[1])
    with serving.serving(tmp_path / "data", "--demo") as server:
        script = "\n".join(["set -euxo pipefail", *commands()])
        script = script.replace("http://127.0.0.1:8000", server.url)
        script = script.replace("~/.local/share/onward/demo", str(tmp_path / "data" / "demo"))
        script = script.replace("curl -s", "curl -sS --fail-with-body")
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env=serving.clean_environ(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    assert "Fjord SMS AS is added as a sub-processor from 1 March 2027" in done.stdout
    assert '"verdict":"covered_by_safeguard"' in done.stdout
    assert '"sub_processor":"Outback Analytics Pty Ltd"' in done.stdout
    assert '"entrusted":[{' in done.stdout
    assert '"reason":"We do not want it there"' in done.stdout
    assert "3 changes are published" in done.stdout + done.stderr
