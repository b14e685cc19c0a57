"""One transaction each: read by store, decide by rules, write by store."""
