"""The register as one client has it: narrowed to what it takes, without what does not bind it."""
