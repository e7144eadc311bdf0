"""Changes norms and cadences of a setup: whole or not at all, with what was before on record."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from quotum.web.bridge.findings import say_finding
from quotum.web.bridge.norms import find_wrong, list_norms, write_norms
from quotum.web.queries.company_lists import edit_reach
from quotum.web.records.models import Setup, User
from quotum.web.services.recording import record_change


def change_norms(
    user: User, setup: Setup, changes: Mapping[tuple[str, str], str], reason: str = "", seen: str = ""
) -> Setup:  # fmt: skip
    """Change lines of a setup, (section, name) -> value; raise ValidationError for what the engine would refuse.

    ``seen`` is the time at which the setup had been changed when the user looked: others' changes since are not lost.
    """
    if not edit_reach(user).everywhere:
        raise PermissionDenied("edit_company")
    with transaction.atomic():
        locked = Setup.objects.select_for_update().get(pk=setup.pk)
        if seen and seen != locked.changed.isoformat():
            raise ValidationError(_("Somebody else has changed this meanwhile. Look at it again, then change it."))
        before = {norm.place: norm.value for norm in list_norms(locked.text)}
        known = {(each["rule"], each["column"], each["value"]) for each in find_wrong(locked.text)}
        try:
            text = write_norms(locked.text, changes)
        except ValueError as error:
            raise ValidationError(_("This cannot be read: %(text)s") % {"text": error}) from error
        wrong = [each for each in find_wrong(text) if (each["rule"], each["column"], each["value"]) not in known]
        if wrong:
            raise ValidationError([" ".join(say_finding(each)) for each in wrong])
        after = {norm.place: norm.value for norm in list_norms(text)}
        changed = sorted(place for place in {*before, *after} if before.get(place, "") != after.get(place, ""))
        if changed:
            locked.text = text
            locked.save(update_fields=["text", "changed"])
            record_change(user, "changed", "norms", locked.name, before={place: before.get(place) for place in changed},
                          after={place: after.get(place) for place in changed}, reason=reason)  # fmt: skip
    return locked
