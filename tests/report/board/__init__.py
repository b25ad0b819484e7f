"""Tests of what a tumour board asks."""
