# Makes a fresh Debian tree publishable, as a vendor would. Runs inside the tree.
set -eu

# The customer's first login goes by keys that cloud-init puts there.
sed -i 's/^root:[^:]*:/root:*:/' /etc/shadow
sed -i 's/^ENABLED=.*/ENABLED=yes/' /etc/ufw/ufw.conf
echo 'PasswordAuthentication no' >/etc/ssh/sshd_config.d/50-cloud-init.conf

# What the customer sees at a login.
printf '#!/bin/sh\necho "Welcome to the lab."\n' >/etc/update-motd.d/99-one-click
chmod 755 /etc/update-motd.d/99-one-click

# Each droplet makes these itself.
rm -f /etc/ssh/ssh_host_*
: >/etc/machine-id
rm -f /var/lib/dbus/machine-id /var/lib/systemd/random-seed
rm -rf /var/lib/cloud/instance /var/lib/cloud/instances /var/lib/cloud/data
mkdir -p /var/lib/cloud/scripts/per-instance /var/lib/cloud/seed

find /var/log -type f -exec truncate -s 0 {} +
rm -rf /root/.bash_history /root/.ssh /root/.cache /tmp/* /var/tmp/* /run/reboot-required*
rm -f /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /var/backups/*
rm -f /etc/apt/apt.conf.d/*mmdebstrap* /etc/resolv.conf
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
