"""Commands of copy number."""
