"""Run all benchmarks, each in a process of its own so that none inherits another's memory."""

import pkgutil
import subprocess
import sys

import benchmarks

names = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_"))
names.remove("pvrp")  # plans the instance it is given; visits calls it
codes = [
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *sys.argv[1:]], check=False).returncode
    for name in names
]
sys.exit(max(codes, default=0))
