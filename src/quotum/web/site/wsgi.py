"""The web as a server calls it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from quotum.web.site.serving import SERVED, end_with_parent

if SERVED in os.environ:  # a process of the server that outlived it would go on answering beside the next one
    end_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotum.web.site.settings")
application = get_wsgi_application()
