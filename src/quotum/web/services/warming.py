"""Does once, when a process of the server starts, what would make the first edit of a plan slow."""

from __future__ import annotations

import logging

from django.db import connection

from quotum.web.bridge.drafts import DraftRefused, make_changes, open_draft
from quotum.web.records.models import PlanVersion


def warm_up() -> None:
    """Read the newest draft, else the plan in force, and change it for nothing: compiled code is loaded by it."""
    try:
        newest = PlanVersion.objects.filter(state__in=("draft", "in_force")).order_by("state", "-at")
        for address in newest.values_list("address", flat=True)[:1]:
            plan = open_draft(address, ())
            month = {"since": str(plan.settings.since), "until": str(plan.settings.until)}
            make_changes(plan, [{"operation": "scale", "factor": "1.001", **month}])
    except DraftRefused:
        return
    except Exception:  # a page that needs it will say what is wrong
        logging.getLogger(__name__).info("Plans were not read ahead.", exc_info=True)
    finally:
        connection.close()
