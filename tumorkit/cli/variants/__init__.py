"""Commands on small variants."""
