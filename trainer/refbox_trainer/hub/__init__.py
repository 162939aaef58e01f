"""Fetching base models from a hub: only the files that are read, each checked, never code."""
