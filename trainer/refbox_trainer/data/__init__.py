"""Meta files, records and pictures, up to the tensors of a batch."""
