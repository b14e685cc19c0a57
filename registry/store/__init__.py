"""SQL beside the function that asks it, one file per noun."""
