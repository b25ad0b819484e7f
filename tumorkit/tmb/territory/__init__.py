"""The territory of a TMB: built from files, by scheme, and written for others."""
