#!/bin/sh
# Makes sure that a Docker engine answers: starts one that is installed but down, installs docker.io on Debian and
# Ubuntu when run as root, and otherwise says in one line what to do.
set -eu

answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

fail() {
    echo "no Docker engine answers: $1" >&2
    exit 1
}

answers && exit 0

if [ -n "${DOCKER_HOST:-}" ]; then
    fail "DOCKER_HOST is $DOCKER_HOST; start the engine there, or unset DOCKER_HOST"
fi
[ "$(uname -s)" = Linux ] || fail "start Docker Desktop, then run this again"
[ "$(id -u)" = 0 ] || fail "run 'sudo systemctl start docker' (or add yourself to the group docker), then run this again"

if ! command -v dockerd >/dev/null 2>&1; then
    command -v apt-get >/dev/null 2>&1 || fail "install Docker (https://docs.docker.com/engine/install/), then run this again"
    echo "installing docker.io" >&2
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends docker.io >/dev/null
fi

log=/var/log/codecrucible-dockerd.log
if [ -d /run/systemd/system ]; then
    systemctl start docker || fail "'systemctl start docker' failed; see 'journalctl -u docker'"
else
    # A dockerd that was killed leaves its pid file, and the next one refuses to start if that pid lives again.
    old=$(cat /var/run/docker.pid 2>/dev/null || echo none)
    [ "$(cat "/proc/$old/comm" 2>/dev/null)" = dockerd ] || rm -f /var/run/docker.pid
    echo "starting dockerd (log: $log)" >&2
    setsid dockerd >"$log" 2>&1 </dev/null &
fi

for _ in $(seq 120); do
    answers && exit 0
    sleep 0.5
done
fail "the one just started does not come up within 60 s; see $log"
