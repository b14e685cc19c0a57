"""What goes out: guarded calls over HTTP, webhooks and mail. The carriers know nothing of the database."""
