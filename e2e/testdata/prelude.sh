# What the planted faults are written with. Runs inside the tree, before each.
set -eu
HASH="\$6\$saltsalt\$$(printf 'Planted%.0s' 1 2 3 4 5 6 7 8 9 10 11 12)"

# shadow USER FIELD sets the password field.
shadow() {
  awk -F: -v OFS=: -v user="$1" -v field="$2" '$1 == user { $2 = field } 1' /etc/shadow >/run/shadow
  cat /run/shadow >/etc/shadow
  rm /run/shadow
}

# account NAME UID HOME FIELD adds an account with a home.
account() {
  echo "$1:x:$2:$2::$3:/bin/bash" >>/etc/passwd
  echo "$1:$4:20000:0:99999:7:::" >>/etc/shadow
  mkdir -p "$3"
}

# fill FILE BYTES writes that many bytes of text.
fill() {
  mkdir -p "$(dirname "$1")"
  yes 'a line of no interest' | head -c "$2" >"$1"
}

# unit NAME writes a service, and enable NAME starts it at boot.
unit() {
  mkdir -p /usr/lib/systemd/system
  printf '[Unit]\nDescription=%s\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' "$1" \
    >"/usr/lib/systemd/system/$1.service"
}
enable() {
  ln -sf "/lib/systemd/system/$1.service" "/etc/systemd/system/multi-user.target.wants/$1.service"
}

# installed NAME VERSION adds a package to dpkg's database.
installed() {
  printf 'Package: %s\nStatus: install ok installed\nPriority: optional\nSection: misc\nMaintainer: Lab <lab@example.org>\nArchitecture: all\nVersion: %s\nDescription: planted\n\n' \
    "$1" "$2" >>/var/lib/dpkg/status
  : >"/var/lib/dpkg/info/$1.list"
}

# program FILE writes one that does nothing.
program() {
  mkdir -p "$(dirname "$1")"
  printf '#!/bin/sh\nexit 0\n' >"$1"
  chmod 755 "$1"
}

# state PACKAGE STATE sets the third word of its Status line.
state() {
  awk -v package="$1" -v state="$2" '/^Package: / { ours = $2 == package } ours && /^Status: / { $4 = state } 1' \
    /var/lib/dpkg/status >/run/status
  cat /run/status >/var/lib/dpkg/status
  rm /run/status
}
# version PACKAGE VERSION sets what dpkg's database says is installed.
version() {
  awk -v package="$1" -v version="$2" '/^Package: / { ours = $2 == package } ours && /^Version: / { $2 = version } 1' \
    /var/lib/dpkg/status >/run/status
  cat /run/status >/var/lib/dpkg/status
  rm /run/status
}
