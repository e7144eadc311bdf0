"""What the database holds: people with accounts and posts, the company's tables, plans, days, and every change."""
