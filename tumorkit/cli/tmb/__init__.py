"""Commands of tumour mutational burden."""
