"""Both versions of control groups, from files as the kernel writes them."""

import pytest

from codecrucible.sandbox.image import cgroup

V1 = {
    "memory/memory.limit_in_bytes": "671088640\n",
    "memory/memory.memsw.limit_in_bytes": "671088640\n",
    "memory/memory.usage_in_bytes": "14155776\n",
    "memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
    "pids/pids.max": "64\n",
    "cpuacct/cpuacct.usage": "1234567890\n",
}
V2 = {
    "cgroup.controllers": "cpuset cpu io memory pids\n",
    "memory.max": "671088640\n",
    "memory.swap.max": "0\n",
    "memory.current": "14155776\n",
    "memory.events": "low 0\nhigh 0\nmax 12\noom 4\noom_kill 3\noom_group_kill 0\n",
    "pids.max": "64\n",
    "cpu.stat": "usage_usec 1234568\nuser_usec 1000000\nsystem_usec 234568\n",
}


def lay(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture(params=[1, 2], ids=["v1", "v2"])
def mounted(request, tmp_path, monkeypatch):
    lay(tmp_path, V1 if request.param == 1 else V2)
    monkeypatch.setattr(cgroup, "_ROOT", str(tmp_path))
    return request.param, tmp_path


def test_limits_and_use_are_read_from_either_version(mounted):
    version, _ = mounted
    assert cgroup.version() == version
    assert (cgroup.memory_limit(), cgroup.swap_limit(), cgroup.memory_used()) == (671_088_640, 0, 14_155_776)
    assert cgroup.pids_limit() == 64
    assert round(cgroup.CpuTime().read_s(), 3) == 1.235


def test_kills_for_want_of_memory_are_counted_from_when_one_looked(mounted):
    version, folder = mounted
    kills = cgroup.OomKills()
    assert kills.new() == 0
    name = "memory/memory.oom_control" if version == 1 else "memory.events"
    (folder / name).write_text((folder / name).read_text().replace("oom_kill 3", "oom_kill 5"))
    assert (kills.new(), kills.new()) == (2, 0)


@pytest.mark.parametrize(
    ("files", "changed"),
    [(V2, {"memory.max": "max\n"}), (V1, {"memory/memory.limit_in_bytes": "9223372036854771712\n"})],
    ids=["v2", "v1"],
)
def test_no_limit_is_told_from_one(files, changed, tmp_path, monkeypatch):
    lay(tmp_path, {**files, **changed})
    monkeypatch.setattr(cgroup, "_ROOT", str(tmp_path))
    assert cgroup.memory_limit() is None


def test_a_container_without_a_counter_of_cpu_time_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(cgroup, "_ROOT", str(tmp_path))
    with pytest.raises(FileNotFoundError):
        cgroup.CpuTime()


def test_a_kernel_that_counts_no_kills_is_refused(tmp_path, monkeypatch):
    lay(tmp_path, {**V1, "memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\n"})
    monkeypatch.setattr(cgroup, "_ROOT", str(tmp_path))
    with pytest.raises(ValueError, match=r"4\.13"):
        cgroup.OomKills()
