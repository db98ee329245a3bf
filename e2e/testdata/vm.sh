# Runs on the booted machine: takes each state's folder in turn, does what it says, and
# writes what came of it to the second disk, so that a hang loses only what follows it.
set -u
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
# It costs seconds at every reload of the service manager, and has done its work.
mkdir -p /run/systemd/system-generators
ln -s /dev/null /run/systemd/system-generators/cloud-init-generator
for state in /lab/[0-9]*; do
  to=/run/lab/${state##*/}
  mkdir -p "$to"
  cd "$to" || exit 1
  echo "lab: ${state##*/}" >/dev/console
  for part in plant run undo; do
    timeout 150 sh -eu "$state/$part" >$part.out 2>$part.err </dev/null
    echo $? >$part.code
    cut -d ' ' -f 1 /proc/uptime >$part.uptime
  done
  tar -C /run/lab -cf /dev/vdb .
  sync
done
