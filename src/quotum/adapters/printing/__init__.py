"""What people read on the screen: findings, tables, explanations."""
