"""The law of international transfers: pure, dated, without web, database or clock."""
