#!/bin/sh
# Nobody gets a shell before the first boot is over, and root's first login is greeted.
# Both are taken away again on the customer's droplet: by 001_onboot and first-login.sh.
# The sshd of this droplet is not restarted, and so goes on without.
set -eu
if ! grep -q '^Match User root' /etc/ssh/sshd_config; then
  printf '%s\n' 'Match User root' \
    '        ForceCommand echo "This droplet is being set up. Please log in again in a minute."' >>/etc/ssh/sshd_config
fi
sshd=$(command -v sshd || echo /usr/sbin/sshd)
"$sshd" -t

# Where there is a prompt only: bash reads this file for scp and for commands, too, and so
# it would run on the build droplet.
if ! grep -q first-login /root/.bashrc; then
  # It is expanded at the login.
  # shellcheck disable=SC2016
  echo 'if [ -n "$PS1" ]; then /opt/one-click/first-login.sh; fi' >>/root/.bashrc
fi
