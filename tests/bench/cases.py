"""The facts that are judged: three questions of different depth."""

from typing import Any

CASES: dict[str, dict[str, Any]] = {
    "no transfer (DE to FR)": {
        "exporter": {"country": "DE", "role": "processor"},
        "importer": {"country": "FR", "role": "processor"},
    },
    "adequacy (DE to JP)": {
        "exporter": {"country": "DE", "role": "processor"},
        "importer": {"country": "JP", "role": "processor", "subject_to": {"appi": True}},
    },
    "nothing relied on (DE to US)": {
        "exporter": {"country": "DE", "role": "controller"},
        "importer": {"country": "US", "role": "processor"},
    },
}
