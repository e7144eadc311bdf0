"""What is to be done for the targets: activity, cadence, visits and their routes."""
