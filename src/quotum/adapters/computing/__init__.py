"""Running many people's plans: one after the other, or on several cores, with what is finished kept."""

from quotum.adapters.computing.kept_results import count_kept, run_kept

__all__ = ["count_kept", "run_kept"]
