"""The policy rendered, and each part of it missed when it is missing."""

import copy

import pytest

from codecrucible.sandbox import Policy, PolicyNotApplied
from codecrucible.sandbox.docker.exit_code_frame import policy_of
from codecrucible.sandbox.languages import FAMILIES
from codecrucible.sandbox.policy import MASKED, render, verify, verify_inside

POLICY = Policy()


def inspected():
    """What an engine that did as it was told says, with `render` put into its own words."""
    asked = render(POLICY, cores="1")
    return {
        "Config": {"User": POLICY.user},
        "HostConfig": {
            "NetworkMode": asked["network_mode"],
            "IpcMode": asked["ipc_mode"],
            "Privileged": False,
            "ReadonlyRootfs": asked["read_only"],
            "Binds": None,
            "Devices": None,
            "Tmpfs": asked["tmpfs"],
            "CapDrop": asked["cap_drop"],
            "CapAdd": ["CAP_SETUID", "CAP_SETGID"],
            "SecurityOpt": asked["security_opt"],
            "PidsLimit": asked["pids_limit"],
            "Memory": asked["mem_limit"],
            "MemorySwap": asked["memswap_limit"],
            "OomKillDisable": False,
            "LogConfig": {"Type": "none", "Config": {}},
            "MaskedPaths": list(MASKED),
            "PidMode": "",
            "CpusetCpus": "1",
            "Runtime": "runc",
        },
    }


SEEN = {
    "uid": 0,
    "capabilities": 0xC0,
    "no_new_privileges": 1,
    "seccomp_mode": 2,
    "seccomp_filters": 2,
    "root_read_only": True,
    "interfaces": ["lo"],
    "memory_bytes": POLICY.memory_bytes,
    "swap_bytes": None,
    "host_swap_bytes": 0,
    "pids": POLICY.pids,
    "scratch_bytes": POLICY.scratch_bytes,
    "scratch_files": POLICY.scratch_files,
    "scratch_options": ["nodev", "noexec", "nosuid"],
    "shared_bytes": POLICY.shared_bytes,
    "shared_files": POLICY.shared_files,
    "shared_options": ["nodev", "noexec", "nosuid"],
}


def test_the_default_asks_for_a_closed_container():
    asked = render(POLICY)
    assert asked["network_mode"] == asked["ipc_mode"] == "none"
    assert asked["read_only"] is True
    assert asked["cap_drop"] == ["ALL"]
    assert asked["cap_add"] == ["SETGID", "SETUID"]
    assert asked["security_opt"] == ["no-new-privileges"]
    assert asked["mem_limit"] == asked["memswap_limit"] == 640 << 20
    assert "binds" not in asked
    assert "runtime" not in asked
    assert render(Policy(runtime="runsc"))["runtime"] == "runsc"


def test_only_who_compiles_gets_a_scratch_folder_to_execute_from():
    gcc = policy_of(FAMILIES["gcc"], POLICY)
    asked = render(gcc)["tmpfs"]["/tmp"]
    assert asked.startswith("rw,exec,nosuid,nodev,size=268435456,")
    verify_inside(gcc, {**SEEN, "scratch_options": ["nodev", "nosuid"], "scratch_bytes": 256 << 20, "pids": 192})
    with pytest.raises(PolicyNotApplied, match=r"scratch options: asked .*, got"):
        verify_inside(gcc, {**SEEN, "scratch_bytes": 256 << 20, "pids": 192})
    for name in ("python", "script", "node"):
        asked = render(policy_of(FAMILIES[name], POLICY))["tmpfs"]["/tmp"]
        assert asked.startswith("rw,noexec,nosuid,nodev,size=67108864,")


def test_the_engine_has_taken_all_of_it():
    verify(POLICY, inspected(), cores="1")


@pytest.mark.parametrize(
    ("field", "got", "named"),
    [
        ("NetworkMode", "bridge", "network: asked 'none', got 'bridge'"),
        ("IpcMode", "host", "ipc"),
        ("Privileged", True, "privileged"),
        ("ReadonlyRootfs", False, "read-only root: asked True, got False"),
        ("Binds", ["/:/host"], "host folders"),
        ("Mounts", [{"Type": "bind"}], "host folders"),
        ("Devices", [{"PathOnHost": "/dev/kvm"}], "devices"),
        ("Tmpfs", None, "scratch"),
        ("Tmpfs", {"/tmp": "rw,noexec,nosuid,nodev,size=67108864,nr_inodes=4096,mode=1777"}, "scratch"),
        ("CapDrop", None, "dropped capabilities"),
        ("CapAdd", ["SYS_ADMIN", "SETUID", "SETGID"], "capabilities"),
        ("SecurityOpt", ["no-new-privileges", "seccomp=unconfined"], "security options"),
        ("SecurityOpt", None, "security options"),
        ("PidsLimit", None, "pids: asked 64, got None"),
        ("Memory", 0, "memory: asked 671088640, got 0"),
        ("MemorySwap", -1, "memory and swap"),
        ("OomKillDisable", True, "out-of-memory killer"),
        ("LogConfig", {"Type": "json-file"}, "log"),
        ("PidMode", "host", "pid namespace"),
        ("CpusetCpus", "", "cores"),
    ],
)
def test_a_flag_that_did_not_take_is_named(field, got, named):
    answer = copy.deepcopy(inspected())
    answer["HostConfig"][field] = got
    with pytest.raises(PolicyNotApplied) as refusal:
        verify(POLICY, answer, cores="1")
    assert named in str(refusal.value)
    assert str(refusal.value).count("asked ") == 1


def test_another_user_or_runtime_is_named():
    answer = inspected()
    answer["Config"]["User"] = ""
    with pytest.raises(PolicyNotApplied, match="user: asked '0:0', got ''"):
        verify(POLICY, answer, cores="1")
    with pytest.raises(PolicyNotApplied, match="runtime: asked 'runsc', got 'runc'"):
        verify(Policy(runtime="runsc"), inspected(), cores="1")


def test_an_answer_without_anything_names_everything():
    with pytest.raises(PolicyNotApplied) as refusal:
        verify(POLICY, {}, cores="1")
    assert str(refusal.value).count("asked ") >= 12


def test_the_inside_as_it_should_be_is_accepted():
    verify_inside(POLICY, SEEN)
    verify_inside(POLICY, {**SEEN, "seccomp_filters": None})
    verify_inside(POLICY, {**SEEN, "host_swap_bytes": 1 << 30, "swap_bytes": 0})


@pytest.mark.parametrize(
    ("field", "got"),
    [
        ("uid", 1000),
        ("capabilities", 0x3FFFFFFFFF),
        ("no_new_privileges", 0),
        ("seccomp_mode", 0),
        ("seccomp_filters", 1),
        ("root_read_only", False),
        ("interfaces", ["eth0", "lo"]),
        ("memory_bytes", None),
        ("memory_bytes", 1 << 40),
        ("pids", None),
        ("scratch_bytes", 1 << 40),
        ("scratch_files", 0),
        ("scratch_options", ["nodev", "nosuid"]),
        ("shared_bytes", 64 << 20),
        ("shared_files", 1 << 20),
        ("shared_options", ["nodev", "nosuid"]),
    ],
)
def test_what_the_kernel_does_not_show_is_named(field, got):
    with pytest.raises(PolicyNotApplied) as refusal:
        verify_inside(POLICY, {**SEEN, field: got})
    assert str(refusal.value).count("asked ") == 1


def test_swap_that_is_not_accounted_for_is_refused():
    with pytest.raises(PolicyNotApplied, match="swap: asked 0, got None"):
        verify_inside(POLICY, {**SEEN, "host_swap_bytes": 1 << 30})


@pytest.mark.docker
def test_the_engine_here_refuses_a_runtime_it_does_not_have(executor):
    from codecrucible.sandbox import DockerExecutor, SandboxUnavailable

    with pytest.raises(SandboxUnavailable, match="no-such-runtime"):
        DockerExecutor(workers=1, policy=Policy(runtime="no-such-runtime"))
