"""The schema's history: numbered SQL files and their runner."""
