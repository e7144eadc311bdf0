"""The web as a server calls it."""

from __future__ import annotations

import os
import sys
from threading import Thread

from django.core.wsgi import get_wsgi_application

from quotum.web.site.serving import SERVED, end_with_parent

if SERVED in os.environ:  # a process of the server that outlived it would go on answering beside the next one
    end_with_parent()
    if sys.platform == "linux" and os.getppid() != os.getsid(0):  # the server was gone before that could be asked
        os._exit(1)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotum.web.site.settings")
application = get_wsgi_application()
if SERVED in os.environ:
    from quotum.web.services.warming import warm_up

    Thread(target=warm_up, daemon=True).start()
