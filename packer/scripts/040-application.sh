#!/bin/sh
# Installs the sample application: nginx, whose pages are made on each droplet's first boot.
# Wants APP_NAME, APP_VERSION and PACKAGES.
set -eu

# What was uploaded from a machine without modes would not run.
chmod 0755 /etc/update-motd.d/99-one-click /opt/one-click/*.sh /var/lib/cloud/scripts/per-instance/001_onboot

# The names are split on purpose.
# shellcheck disable=SC2086
if command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a
  apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends $PACKAGES
else
  dnf -q -y install $PACKAGES
  # The Red Hat family shows files at a login, and runs no programs.
  mkdir -p /etc/motd.d
  /etc/update-motd.d/99-one-click >/etc/motd.d/one-click
  rm -r /etc/update-motd.d
fi

# After the package, as it starts nginx with its own default server.
rm -f /etc/nginx/sites-enabled/default
cp /opt/one-click/nginx.conf /etc/nginx/conf.d/one-click.conf
nginx -q -t
systemctl enable nginx
systemctl restart nginx

mkdir -p /var/lib/one-click
printf 'name=%s\nversion=%s\n' "$APP_NAME" "$APP_VERSION" >/var/lib/one-click/release
