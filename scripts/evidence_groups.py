#!/usr/bin/env python3
"""Draws, opens and counts docs/evidence/intents.md: groups of files that a reader judges without knowing who made them.

  evidence_groups.py draw CODEXA NAME=REPOSITORY ...         prints the page: of all groups of all repositories 40 intents, and
                                                             among them 20 folders and 10 groups made by chance
  evidence_groups.py open PAGE CODEXA NAME=REPOSITORY ...    prints the judged page with the maker of each group
  evidence_groups.py count PAGE ...                          what the verdicts of opened pages come to

A draw is the rows with the smallest SHA-256 of "seed|row": the same rows on any machine, whatever their order. From each
repository comes the same number of each kind, as far as it has them.
"""

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

SEED = "codexa-intents-3"
KINDS = {"intent": 40, "folder": 20, "chance": 10}
SHOWN = 16
VERDICTS = ("yes", "partly", "no")


def ask(codexa, repository, *question):
    command = [codexa, *question, "--format", "json", "--project", repository]
    answered = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(answered.stdout)


def ticket(*row):
    return hashlib.sha256("|".join((SEED, *map(str, row))).encode()).hexdigest()


def first(rows, count, *salt):
    return sorted(rows, key=lambda row: ticket(*salt, row))[:count]


def intents_of(codexa, repository):
    """The name and the files of each intent."""
    return [(intent["name"], tuple(sorted(intent["paths"]))) for intent in ask(codexa, repository, "show", "intents")["intents"]]


def folders_of(intents):
    """Each folder with several of the files that intents are made from, as a group that is called by its name."""
    held = {}
    for path in {path for _, paths in intents for path in paths}:
        held.setdefault(path.rpartition("/")[0], []).append(path)
    named = [(folder.rpartition("/")[2], tuple(sorted(paths))) for folder, paths in held.items() if folder]
    return [group for group in named if len(group[1]) > 1]


def chances_of(intents):
    """For each intent of several files as many files from anywhere, under its name."""
    everything = sorted({path for _, paths in intents for path in paths})
    return [(name, tuple(sorted(first(everything, len(paths), name)))) for name, paths in intents if len(paths) > 1]


def drawn(codexa, clones):
    """Rows of (repository, name, paths, kind) in an order that tells nothing."""
    rows = []
    for name, repository in clones:
        intents = intents_of(codexa, repository)
        makers = {"intent": intents, "folder": folders_of(intents), "chance": chances_of(intents)}
        for kind, groups in makers.items():
            each = -(-KINDS[kind] // len(clones))
            rows += [(name, *group, kind) for group in first(groups, each, name, kind)]
    chosen = [row for kind, count in KINDS.items() for row in first([row for row in rows if row[3] == kind], count)]
    return sorted(chosen, key=lambda row: ticket("order", row))


def commit(repository):
    command = ["git", "-C", repository, "rev-parse", "HEAD"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()[:12]


def draw(codexa, clones):
    rows = drawn(codexa, clones)
    print("# Groups of files\n")
    print(", ".join(f"{name} @ {commit(repository)}" for name, repository in clones) + f"; seed `{SEED}`.")
    for number, (repository, name, paths, _) in enumerate(rows, 1):
        print(f"\n## G{number:02}: {repository}: {name}\n")
        shown = sorted(first(paths, SHOWN))
        print(f"{len(paths)} files" + (f", of which {SHOWN}" if len(paths) > SHOWN else "") + ":\n")
        print("\n".join(f"- `{path}`" for path in shown))
        print("\n- together:\n- named:\n- why:")


def opened(page, codexa, clones):
    kinds = {f"G{number:02}": row[3] for number, row in enumerate(drawn(codexa, clones), 1)}
    for line in Path(page).read_text().splitlines():
        print(line)
        if heading := re.match(r"## (G\d+): ", line):
            print(f"\nMade by: {kinds[heading.group(1)]}")


def judged(page):
    """Of each group its maker and its two verdicts."""
    groups = []
    for line in Path(page).read_text().splitlines():
        if line.startswith("## G"):
            groups.append({})
        elif found := re.match(r"(?:- )?(Made by|together|named): *(\w+)", line):
            groups[-1][found.group(1)] = found.group(2)
    return groups


def count(pages):
    missing = False
    for page in pages:
        groups = judged(page)
        missing |= any(group.get(key) not in VERDICTS for group in groups for key in ("together", "named"))
        for kind in KINDS:
            own = [group for group in groups if group.get("Made by") == kind]
            said = (Counter(group.get(key) for group in own) for key in ("together", "named"))
            together, named = (" / ".join(str(verdicts[verdict]) for verdict in VERDICTS) for verdicts in said)
            print(f"{Path(page).name}: {kind}, {len(own)}: together {together}; named {named} ({' / '.join(VERDICTS)})")
    return 1 if missing else 0


def answer(arguments):
    match arguments:
        case ["draw", codexa, *clones] if clones:
            draw(codexa, [clone.split("=", 1) for clone in clones])
        case ["open", page, codexa, *clones] if clones:
            opened(page, codexa, [clone.split("=", 1) for clone in clones])
        case ["count", *pages] if pages:
            return count(pages)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(answer(sys.argv[1:]))
