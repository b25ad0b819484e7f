"""What variants mean, as far as tables that the laboratory gives say so: tiers, oncogenicity.

Nothing is invented here: no table is shipped, each statement names the row that it comes from with
its source and date, and a variant without evidence has no tier.
"""
