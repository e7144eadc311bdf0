"""Lets tests import the small hand-made worlds that lie beside this file."""
