"""From run.json to checkpoints."""
