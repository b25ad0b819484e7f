"""Commands of ``tumorkit interpretation``."""
