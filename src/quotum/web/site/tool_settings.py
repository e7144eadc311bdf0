"""Settings for tools that only look at the code (types, messages): as the web's, over a folder that goes away."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("QUOTUM_DATA_DIR", tempfile.mkdtemp(prefix="quotum-tools-"))

from quotum.web.site.settings import *  # noqa: F403
