"""Lets tests import the small hand-made worlds that lie beside this file."""

from hypothesis import settings

# A busy machine is no reason to fail: first calls load and compile.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
