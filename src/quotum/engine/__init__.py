"""Pure planning: tables in, tables out; no files, database, web, clock or hidden chance."""
