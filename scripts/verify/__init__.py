"""What scripts/verify-results.py is made of: no code of the product, and nothing but Python's standard library."""
