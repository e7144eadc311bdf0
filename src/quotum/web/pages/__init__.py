"""The pages: forms and views that ask queries and services, and templates that show what those return."""
