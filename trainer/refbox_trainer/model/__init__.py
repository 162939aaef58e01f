"""Checkpoints: configs, weights, tokenizers, templates and the way through the network."""
