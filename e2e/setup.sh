#!/bin/sh
# Installs by name what the end-to-end tests use and this machine lacks.
set -eu
export DEBIAN_FRONTEND=noninteractive

missing=
need() { # need PROGRAM PACKAGE
  if ! command -v "$1" >/dev/null 2>&1; then missing="$missing $2"; fi
}

if [ "$(id -u)" -ne 0 ]; then
  echo 'setup.sh: the end-to-end tests mount and chroot: run them as root' >&2
  exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo 'setup.sh: the end-to-end tests need a Debian machine' >&2
  exit 1
fi

need mmdebstrap mmdebstrap
need apt-ftparchive apt-utils
need dpkg-deb dpkg
need rpmbuild rpm
need rpm rpm
need createrepo_c createrepo-c
need modifyrepo_c createrepo-c
need gpg gpg
need gpg-agent gpg-agent
need ssh-keygen openssh-client
need openssl openssl
need unshare util-linux
need mount mount
need fallocate util-linux
need mke2fs e2fsprogs
need chattr e2fsprogs
need mkfs.xfs xfsprogs
need mkfs.btrfs btrfs-progs
need gcc gcc
need readelf binutils
need qemu-system-x86_64 qemu-system-x86
need git git
need xmllint libxml2-utils
need prove perl
need cmark-gfm cmark-gfm
need chromium chromium
need zsh zsh
need fish fish
need man man-db
if [ ! -f /usr/share/bash-completion/bash_completion ]; then missing="$missing bash-completion"; fi
need packer packer
need fab fabric
need shellcheck shellcheck
need ssh openssh-client
if [ ! -x /usr/bin/time ]; then missing="$missing time"; fi # the shell has a word of that name

apt-get update -q
if [ -n "$missing" ]; then
  # The names are split on purpose.
  # shellcheck disable=SC2086
  apt-get install -q -y --no-install-recommends $missing
fi
