#!/usr/bin/env python3
"""Draws and counts the evidence under docs/evidence/.

  evidence.py draw CODEXA REPOSITORY NAME   prints a page: 30 edges and 10 entry points drawn with a fixed seed, and every
                                            component, each with its place, the line that stands there, and an empty verdict
  evidence.py check CODEXA REPOSITORY PAGE  whether what the page judges is still what Codexa says, row by row
  evidence.py count PAGE ...                the precision that follows from the verdicts; fails where one is missing

A draw is the rows with the smallest SHA-256 of "seed|row": the same rows on any machine, whatever their order, and a row's
chance does not depend on the others. Verdicts are `right`, `wrong` or `unclear`; unclear counts as wrong.
"""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

SEED = "codexa-evidence-3"
EDGES, ENTRIES = 30, 10


def ask(codexa, repository, *question):
    command = [codexa, "show", *question, "--format", "json", "--project", repository]
    answered = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(answered.stdout)


def drawn(rows, count, key):
    def ticket(row):
        return hashlib.sha256(f"{SEED}|{key(row)}".encode()).hexdigest()

    return sorted(sorted(rows, key=ticket)[:count], key=key)


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ").strip()


def code(text):
    """As code in a table, cut to what one reads at a glance."""
    text = " ".join(str(text).split())
    text = text if len(text) <= 90 else text[:89] + "…"
    return "`" + cell(text).replace("`", "'") + "`" if text else ""


def source_line(repository, path, line):
    if line is None:
        return ""
    lines = (Path(repository) / path).read_text(errors="replace").split("\n")
    return lines[line - 1] if line <= len(lines) else ""


def place(path, line):
    return f"{path}:{line}" if line else path


def edge_cells(edge):
    return [place(edge["from"], edge.get("line")), edge["to"], edge["origin"], edge["confidence"]]


def entry_cells(entry):
    return [entry["kind"], entry["name"], place(entry["path"], entry.get("line")), entry["origin"], entry["confidence"]]


def component_cells(component):
    shown_by = component.get("evidence") or component["id"].removeprefix("c:")
    return [component["id"], component["type"], component["rule"], shown_by, component["files"], component["confidence"]]


def rows_of(codexa, repository):
    edges = drawn(ask(codexa, repository, "edges")["edges"], EDGES, lambda edge: "|".join(map(str, edge_cells(edge))))
    entries = ask(codexa, repository, "entry-points", "--with-examples")["entry_points"]
    entries = drawn(entries, ENTRIES, lambda entry: "|".join(map(str, entry_cells(entry))))
    components = sorted(ask(codexa, repository, "components")["components"], key=lambda component: component["id"])
    return edges, entries, components


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines)


def draw(codexa, repository, name):
    edges, entries, components = rows_of(codexa, repository)
    commit = subprocess.run(
        ["git", "-C", repository, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    print(f"# {name} @ {commit[:12]}\n")
    print(f"{len(edges)} edges, {len(entries)} entry points (seed `{SEED}`) and all {len(components)} components.\n")
    print("## Edges\n")
    print(
        table(
            ["from", "to", "rule", "sure", "what stands there", "verdict", "why"],
            [
                [cell(c) for c in edge_cells(edge)]
                + [code(source_line(repository, edge["from"], edge.get("line"))), "", ""]
                for edge in edges
            ],
        )
    )
    print("\n## Entry points\n")
    print(
        table(
            ["kind", "name", "where", "rule", "sure", "what stands there", "verdict", "why"],
            [
                [cell(c) for c in entry_cells(entry)]
                + [code(source_line(repository, entry["path"], entry.get("line"))), "", ""]
                for entry in entries
            ],
        )
    )
    print("\n## Components\n")
    print(
        table(
            ["component", "type", "rule", "shown by", "files of code", "sure", "verdict", "why"],
            [[cell(c) for c in component_cells(component)] + ["", ""] for component in components],
        )
    )


def judged(page):
    """Section to its rows, each a list of cells."""
    sections, section = {}, None
    for line in Path(page).read_text().split("\n"):
        if line.startswith("## "):
            section = line[3:].strip()
        elif line.startswith("| ") and section and not line.startswith("| ---"):
            cells = [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)[1:-1]]
            sections.setdefault(section, []).append(cells)
    return {name: rows[1:] for name, rows in sections.items() if name in ("Edges", "Entry points", "Components")}


def count(pages):
    missing = False
    for page in pages:
        said = []
        for section, rows in judged(page).items():
            verdicts = [row[-2] for row in rows]
            missing |= any(verdict not in ("right", "wrong", "unclear") for verdict in verdicts)
            right = verdicts.count("right")
            said.append(f"{section.lower()} {right}/{len(rows)}")
        print(f"{Path(page).name}: {', '.join(said)}")
    return 1 if missing else 0


def check(codexa, repository, page):
    verdicts = judged(page)
    edges, entries, components = rows_of(codexa, repository)
    now = {
        "Edges": [edge_cells(edge) for edge in edges],
        "Entry points": [entry_cells(entry) for entry in entries],
        "Components": [component_cells(component) for component in components],
    }
    differs = 0
    for section, rows in verdicts.items():
        there = {tuple(map(cell, row)) for row in now[section]}
        for row in rows:
            width = len(now[section][0]) if now[section] else 0
            if tuple(map(cell, row[:width])) not in there:
                differs += 1
                print(f"{section}: no longer so: {' | '.join(row[:width])}")
        if len(rows) != len(there):
            differs += 1
            print(f"{section}: {len(rows)} judged, {len(there)} drawn")
    print(f"{page}: {'as judged' if not differs else f'{differs} differences'}")
    return 1 if differs else 0


def answer(arguments):
    match arguments:
        case ["draw", codexa, repository, name]:
            draw(codexa, repository, name)
        case ["check", codexa, repository, page]:
            return check(codexa, repository, page)
        case ["count", *pages] if pages:
            return count(pages)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


def main(arguments):
    try:
        return answer(arguments)
    except OSError as error:
        print(f"evidence.py: {error.filename}: {error.strerror}", file=sys.stderr)
    except subprocess.CalledProcessError as error:
        print(f"evidence.py: {' '.join(map(str, error.cmd))}: {error.stderr.strip() or f'exit code {error.returncode}'}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
