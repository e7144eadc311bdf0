"""What every stage stands on: issues, periods, trees, whole units."""
