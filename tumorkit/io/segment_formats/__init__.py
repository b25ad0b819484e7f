"""Formats of segments: tables by their columns, VCF by its fields, one noun out."""
