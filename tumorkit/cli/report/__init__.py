"""Commands that make reports."""
