"""Which customer is visited on which days, by whom and in which order? The contract is told in ``problem``.

Reads: ``list_patterns`` and ``spaced_patterns`` say when customers may be visited, ``Shifts`` who works when,
``PeriodicProblem`` holds it all; ``solve_periodic`` seeks a plan, ``find_faults`` checks any plan without the planner.
Importing this loads numba.
"""
