#!/bin/sh
# Lets in SSH and the application, and nothing else.
set -eu
if command -v apt-get >/dev/null; then
  if ! command -v ufw >/dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install ufw
  fi
  ufw default deny incoming
  ufw allow 22/tcp
  ufw allow 80/tcp
  # To enable the unit is not enough: ufw has a switch of its own.
  ufw --force enable
  systemctl enable ufw
else
  dnf -q -y install firewalld
  systemctl enable --now firewalld
  firewall-cmd -q --permanent --add-service=ssh --add-service=http
  firewall-cmd -q --reload
fi
