"""The shape of every table and of the plan's settings, and the named rules their rows must pass."""
