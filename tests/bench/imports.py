"""A long list into an empty register over HTTP: how long it takes, and the most memory that the server had at once."""

import random
from pathlib import Path
from time import perf_counter

import httpx

from tests import serving
from tests.bench.targets import at_most

ROWS = 10_000
PATIENCE = 300.0
CODES = ("flow_down_missing", "identity_incomplete", "transfer_not_covered")
PLACES = (
    "Germany",
    "United States",
    "Ireland; United States",
    "EU",
    "Singapore",
    "Worldwide",
    "AWS us-east-1",
)
PURPOSES = ("Cloud hosting", "E-mail delivery", "Customer support", "Analytics", "Payment processing")
FORMS = ("GmbH", "Inc.", "Ltd", "B.V.")


def list_of(rows: int) -> str:
    """A list in which every row is another vendor, the same each time."""
    chance = random.Random(rows)
    lines = ["Entity name,Purpose,Categories of data,Location,Transfer mechanism"]
    lines += [
        f"Vendor {number} {chance.choice(FORMS)},{chance.choice(PURPOSES)},Contact details; IP addresses,"
        f"{chance.choice(PLACES)},SCCs 2021/914"
        for number in range(rows)
    ]
    return "\n".join(lines) + "\n"


def long_list(data_dir: Path) -> None:
    """Time a dry run, the import itself, and the same list again, each with nothing else going on."""
    body = {
        "name": "long.csv",
        "content": list_of(ROWS),
        "accept": [{"code": code, "reason": "Measured"} for code in CODES],
    }
    with (
        serving.serving(data_dir) as server,
        httpx.Client(timeout=PATIENCE, headers=server.headers) as client,
    ):
        for what, commit, changes in (
            ("tried", False, ROWS),
            ("imported, every row a change", True, ROWS),
            ("imported again, nothing to do", True, 0),
        ):
            started = perf_counter()
            answer = client.post(f"{server.url}/v1/imports", json={**body, "commit": commit})
            took = perf_counter() - started
            assert answer.status_code == 200, answer.text[:500]
            assert len(answer.json()["changes"]) == changes
            print(f"  {what:<32} {took:10.2f} s   {at_most(took, 10, ' s')}")
        print(f"  {'most memory of the server':<32} {_peak(server.process.pid):10.0f} MB")


def _peak(pid: int) -> float:
    """The highest resident memory of any process of the server so far, PostgreSQL's left out; megabytes."""
    most, waiting = 0.0, [pid]
    while waiting:
        current = waiting.pop()
        tasks = Path(f"/proc/{current}/task").glob("*/children")
        waiting += [int(child) for task in tasks for child in task.read_text().split()]
        status = Path(f"/proc/{current}/status").read_text()
        if not status.startswith("Name:\tpostgres"):
            peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
            most = max(most, int(peak.split()[1]) / 1024)
    return most
