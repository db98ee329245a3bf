# Lets cloud-init's own generator decide over each configuration in /lab, in turn, and
# the program beside it. Runs inside the tree.
set -u
fake=/run/fake
mkdir -p $fake/bin $fake/dmi
echo DigitalOcean >$fake/dmi/sys_vendor
echo Droplet >$fake/dmi/product_name
# A droplet is a virtual machine, whatever runs these tests, and has no disk with a seed.
printf '#!/bin/sh\ncase "$*" in *--container*) exit 1 ;; esac\necho kvm\n' >$fake/bin/systemd-detect-virt
printf '#!/bin/sh\nexit 0\n' >$fake/bin/blkid
chmod 755 $fake/bin/*
cp -a /etc/cloud $fake/cloud
mkdir -p /boot/grub
for lab in /lab/[0-9]*; do
  rm -rf /etc/cloud /run/cloud-init
  cp -a $fake/cloud /etc/cloud
  cp -a "$lab/cloud/." /etc/cloud/
  printf 'linux /vmlinuz %s\n' "$(cat "$lab/cmdline")" >/boot/grub/grub.cfg
  PATH=$fake/bin:$PATH PATH_SYS_CLASS_DMI_ID=$fake/dmi PATH_PROC_CMDLINE=$lab/cmdline KERNEL_CMDLINE=$(cat "$lab/cmdline") DI_LOG=$fake/log \
    /lib/systemd/system-generators/cloud-init-generator $fake/normal $fake/early $fake/late 2>>$fake/err
  ls /run/cloud-init >"$lab/run"
  cp /run/cloud-init/cloud.cfg "$lab/found" 2>/dev/null
  cp -a /etc/cloud "$lab/merged"
  /usr/local/bin/imgcheck check --root / --format json --only cloud-init-enabled,cloud-init-datasource >"$lab/report"
done
exec python3 - <<'END'
import glob, json
from cloudinit import util
for lab in glob.glob("/lab/[0-9]*"):
    merged = util.read_conf_with_confd(lab + "/merged/cloud.cfg")
    with open(lab + "/list", "w") as f:
        json.dump(merged.get("datasource_list"), f)
END
