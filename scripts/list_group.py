"""Print the requirements of one dependency group of pyproject.toml (older pips cannot install a group by name)."""

import sys
import tomllib
from pathlib import Path

group = sys.argv[1]
print("\n".join(tomllib.loads(Path("pyproject.toml").read_text())["dependency-groups"][group]).replace(" ", ""))
