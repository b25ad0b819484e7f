"""The edge: the only floor that opens files."""
