"""The rules of Chapter V, one file per article in statute order, one function per rule."""
