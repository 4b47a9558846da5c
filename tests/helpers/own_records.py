"""A benchmark of the user's own, and a package that brings one."""

import json

RECORD = {
    "task_id": "mine/0",
    "prompt": 'def one():\n    """Return 1."""\n',
    "entry_point": "one",
    "test": "def check(candidate):\n    assert candidate() == 1\n",
}


def write(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def install(folder, name, entry_points):
    """A distribution in `folder`, as an installer would leave it."""
    info = folder / f"{name.replace('-', '_')}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("[codecrucible.benchmarks]\n" + entry_points)
