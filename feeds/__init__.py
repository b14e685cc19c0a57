"""The news of the register: pure, its bytes a function of the rows."""
