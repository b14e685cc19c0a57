"""From a published list and the present register to what an import would do."""
