"""What can be known before and beside a run."""
