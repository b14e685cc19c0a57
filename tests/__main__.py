"""``make test``: all tests, in two processes side by side, since one keeps one of two cores busy.

Those that mostly wait for servers, browsers and the contract go into one, all others into the other. What the first
says is shown as it comes; what the second says is shown when both have ended.
"""

import subprocess
import sys
import tempfile

WAITING = ("tests/openapi", "tests/registry/cli", "tests/registry/pages", "tests/test_readme.py")
PYTEST = (sys.executable, "-m", "pytest")


def main() -> int:
    """Run both; 0 when both passed, and otherwise what the first that failed says."""
    others = (*PYTEST, *(f"--ignore={path}" for path in WAITING), "tests")
    with tempfile.TemporaryFile("w+") as said, subprocess.Popen((*PYTEST, *WAITING), stdout=said) as waiting:
        done = subprocess.run(others, check=False).returncode
        waited = waiting.wait()
        said.seek(0)
        sys.stdout.write(said.read())
    return done or waited


if __name__ == "__main__":
    sys.exit(main())
