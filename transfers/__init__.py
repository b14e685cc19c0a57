"""The law of international transfers: pure, dated, without web, database or clock."""

from transfers.judging import assess
from transfers.law import Law, load_law

__all__ = ("Law", "assess", "load_law")
