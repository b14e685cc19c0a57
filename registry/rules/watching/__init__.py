"""Watched lists: what a reading comes to, what differs from the one before, and what to draft for it."""
