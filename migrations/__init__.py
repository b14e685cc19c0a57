"""The schema's history: numbered SQL files and their runner."""

from migrations.runner import Migration, MigrationError, apply, read

__all__ = ["Migration", "MigrationError", "apply", "read"]
