"""Commands of scars of failed recombination."""
