"""What quotum takes, beside its peers and beside the machine's own limits, measured in one run.

``python -m benchmarks`` runs every module here whose name has no leading underscore; each runs alone as well, as
``python -m benchmarks.kernels [--json]``.
"""
