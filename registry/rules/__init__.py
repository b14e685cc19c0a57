"""Pure decisions: no SQL, no await, no clock."""
