"""Running totals: from the weights of days to what is due by a date."""
