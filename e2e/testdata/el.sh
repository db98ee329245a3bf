# Turns a Debian tree that has dnf and rpm into one that only has dnf and rpm, as
# an Enterprise Linux machine looks to a program. Runs inside the tree.
set -eu

rm -f /etc/os-release /etc/debian_version
cat >/usr/lib/os-release <<'OS'
NAME="Rocky Linux"
VERSION="9.6 (Blue Onyx)"
ID="rocky"
ID_LIKE="rhel centos fedora"
VERSION_ID="9.6"
PLATFORM_ID="platform:el9"
PRETTY_NAME="Rocky Linux 9.6 (Blue Onyx)"
SUPPORT_END="2032-05-31"
OS
ln -s ../usr/lib/os-release /etc/os-release
echo 'Rocky Linux release 9.6 (Blue Onyx)' >/etc/redhat-release
ln -sf redhat-release /etc/system-release

# Debian's rpm keeps its database in the caller's home.
mkdir -p /etc/rpm /var/lib/rpm /etc/yum.repos.d /etc/dnf/vars
echo '%_dbpath /var/lib/rpm' >/etc/rpm/macros
rm -rf /root/.rpmdb
ln -sf dnf /usr/bin/yum
echo 9 >/etc/dnf/vars/releasever
printf '[main]\ngpgcheck=0\ninstallonly_limit=3\nclean_requirements_on_remove=True\nbest=True\n' >/etc/dnf/dnf.conf
cat >/etc/yum.repos.d/rocky.repo <<'REPO'
[baseos]
name=Rocky Linux 9 - BaseOS
baseurl=file:///srv/repo/baseos
enabled=1
gpgcheck=0
REPO

cp /srv/pool/lab-web-1.1.rpm /srv/repo/baseos/

rpm --initdb
rpm -i --nodeps --nosignature /srv/pool/base/*.rpm
mkdir -p /etc/systemd/system/multi-user.target.wants /etc/systemd/system/cloud-init.target.wants
ln -sf /usr/lib/systemd/system/sshd.service /etc/systemd/system/multi-user.target.wants/
ln -sf /usr/lib/systemd/system/firewalld.service /etc/systemd/system/multi-user.target.wants/
for unit in cloud-init-local cloud-init cloud-config cloud-final; do
  ln -sf "/usr/lib/systemd/system/$unit.service" /etc/systemd/system/cloud-init.target.wants/
done

mkdir -p /usr/lib/systemd/system-generators
printf '#!/bin/sh\n' >/usr/lib/systemd/system-generators/cloud-init-generator
chmod 755 /usr/lib/systemd/system-generators/cloud-init-generator

sed -i 's/^root:[^:]*:/root:*:/' /etc/shadow
: >/etc/machine-id
find /var/log -type f -delete
rm -rf /etc/apt /usr/bin/apt* /usr/bin/dpkg* /var/lib/dpkg /var/lib/apt /var/cache/apt /var/log/apt
rm -rf /root/.bash_history /root/.cache /tmp/* /var/tmp/* /etc/passwd- /etc/shadow- /etc/resolv.conf
