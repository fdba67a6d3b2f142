"""Where SQL lives."""
