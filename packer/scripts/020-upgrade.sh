#!/bin/sh
# Brings everything up to date first, so that what is installed and tried is what ships.
set -eu
if command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a
  wait_for_locks='-o DPkg::Lock::Timeout=300'
  keep_config='-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold'
  # Each is several words on purpose.
  # shellcheck disable=SC2086
  apt-get -q $wait_for_locks update
  # shellcheck disable=SC2086
  apt-get -q -y $wait_for_locks $keep_config full-upgrade
else
  dnf -q -y upgrade --refresh
fi
