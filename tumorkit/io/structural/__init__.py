"""Readers of structural variants, fusions and tandem duplications of other programs."""
