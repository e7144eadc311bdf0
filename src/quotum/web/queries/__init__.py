"""Reading: what somebody may see, and pages' contents, in few queries whatever the number of rows."""
