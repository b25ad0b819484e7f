"""Copy number: segments of copy ratios, calls of genes, pictures."""
