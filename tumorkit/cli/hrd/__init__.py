"""Commands of purity and ploidy."""
