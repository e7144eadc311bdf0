"""Changing: every change checks who may, happens in one transaction, and leaves one line on record."""
