"""What needs somebody's attention: one function for each code, in groups by what they look at."""
