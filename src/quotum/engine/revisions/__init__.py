"""Changing numbers of a finished plan, exactly: any node and period, holding what must stay, absorbed where wanted."""

from quotum.engine.revisions.changes import Change
from quotum.engine.revisions.in_force import list_changes_of_force, plan_in_force
from quotum.engine.revisions.revise import revise_plan

__all__ = ["Change", "list_changes_of_force", "plan_in_force", "revise_plan"]
