"""``python -m quotum.cli`` is ``quotum``."""

from quotum.cli import main

main()
