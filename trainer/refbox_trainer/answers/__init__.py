"""Generating answers, reading boxes out of them and measuring them."""
