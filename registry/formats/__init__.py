"""Pure readers and writers of files."""
