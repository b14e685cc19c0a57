"""The facts that are judged: questions of different depth."""

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
    "standard clauses (DE to IN)": {
        "exporter": {"country": "DE", "role": "processor"},
        "importer": {"country": "IN", "role": "processor"},
        "safeguards": [
            {
                "type": "scc",
                "set": "2021/914",
                "module": 3,
                "concluded_on": "2024-01-15",
                "annexes_complete": True,
                "processing_unchanged": True,
                "clauses_modified": False,
                "tia": {"outcome": "adequate", "completed_on": "2024-01-10"},
            }
        ],
    },
    "nothing relied on (DE to US)": {
        "exporter": {"country": "DE", "role": "controller"},
        "importer": {"country": "US", "role": "processor"},
    },
}
