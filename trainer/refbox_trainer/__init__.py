"""Fine-tune, merge, run and measure InternVL2-type grounding models. See README.md for the file tree."""

__version__ = "0.1.0"
