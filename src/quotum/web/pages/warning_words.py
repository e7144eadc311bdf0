"""What warnings are called and what to do about them, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WARNING_WORDS = {
    "behind_pace": (_("Behind pace"), _("Talk it through; move effort to what is open, or plan the rest anew.")),
    "activity_fading": (_("Activity fading"), _("Ask what is in the way; fix next week's calls and visits.")),
    "silent_customer": (
        _("Silent customer"), _("Call this week: who stays away twice as long as usual is often lost.")
    ),
    "missed_cadence": (_("Cadence missed"), _("Put it into the next tour.")),
    "overdue": (_("Overdue"), _("Call before the next delivery; agree a date and write it down.")),
    "tender": (_("Tender"), _("Papers go in two days before; ask for the result after.")),
    "margin_floor": (_("Margin below its floor"), _("Look at prices and costs of what was sold below it.")),
}
"""rule -> title, what to do."""
