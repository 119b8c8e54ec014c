"""A dataset in a file: looked over, parsed, indexed in the cache, opened."""
