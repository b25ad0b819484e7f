"""Mutational signatures: which processes made a tumour's mutations, and how sure that is.

Variants are counted by kind and context (96 substitutions, 78 doublets, 83 insertions and
deletions). The counts are then explained by signatures of a table that the user gives: processes
first, single signatures after, each with a probability and an interval, what no signature explains,
and the share below which a process could not be seen with this many mutations.

>>> from tumorkit.genome.channels import SBS96
>>> len(SBS96), SBS96[0]
(96, 'A[C>A]A')
"""
