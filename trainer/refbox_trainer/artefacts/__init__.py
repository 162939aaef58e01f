"""What a finished run leaves: adapter, merged weights, browser bundle."""
