"""The command line: a folder in, a folder out. Commands load when they are called, so that help comes at once."""

from __future__ import annotations

import os
from importlib import import_module

import click

import quotum

# One thread a pool of linear algebra: quotum needs none of it, and numpy starts faster.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

_COMMANDS = {
    "new": "Write an empty company: tables with headers and a commented plan.toml.",
    "sample": "Write a believable sample company.",
    "tables": "Tell which tables and columns a company folder may hold.",
    "import": "Guess which foreign file fills which table, and write it into plan.toml.",
    "check": "Check a company folder and tell every finding at once.",
    "plan": "Turn a company folder into a plan: everybody's numbers, with reasons.",
    "drivers": "Tell what a number takes, and find any one driver from the others.",
    "show": "Show a plan's numbers by any keys and periods.",
    "explain": "Tell why a number is what it is, from the target down.",
    "revise": "Change numbers of a plan, exactly: for anybody, in any period.",
    "compare": "Tell what differs between two plans.",
    "replan": "Plan the rest of a year anew on what was sold so far.",
    "review": "Hold what happened against a plan: who stands where, how it will end, and why.",
    "charts": "Draw a review: standing, pace with its outlook, why, everybody's months.",
    "appraise": "Score everybody by rules that were known beforehand.",
    "rates": "Tell what exchange rates do to a company's amounts.",
    "forecast": "Tell what the plan's dates bring if things go on as they do.",
    "customers": "Tell who buys, who is lost, and how many customers the target needs.",
    "plan-visits": "Plan visits and calls: which customer on which day, in which order, at what time.",
    "replan-visits": "Plan the rest of a visit plan anew, with as few changes as may be.",
    "visit-papers": "Write workbooks, calendars and maps of a visit plan.",
    "proposals": "Compare what people propose with the number from the top.",
    "serve": "Serve the web for a whole team: plan together, work the day.",
    "backup": "Save everything the web keeps into one file.",
    "restore": "Put a backup into an empty site.",
    "doctor": "Tell whether this machine has what quotum needs.",
}


_MODULES = {"import": "import_files"}  # a name that Python keeps for itself


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = _MODULES.get(cmd_name, cmd_name.replace("-", "_"))
        command: click.Command = import_module(f"quotum.cli.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(quotum.__version__, package_name="quotum")
def main() -> None:
    """Turn one yearly number into everybody's today: exact, explained, fast and open.

    \b
    A first look, with nothing but this command:
      quotum sample company
      quotum plan company --out plan
      quotum show plan --by person --grain month
      quotum explain plan --person P03
    """
