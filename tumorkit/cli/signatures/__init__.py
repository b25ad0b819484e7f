"""Commands of ``tumorkit signatures``."""
