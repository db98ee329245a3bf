"""Builds a Marketplace image on a droplet that is there already, without Packer.

The same files and scripts as the template's. It needs Fabric 2 or 3:

    fab --hosts root@DROPLET build --name my-app --version 1.4.2

The report is fetched over the connection that was open before the keys went; then the
droplet is powered off, and the snapshot is to be taken.
"""

import shlex
from pathlib import Path

from fabric import task
from invoke.exceptions import Exit, UnexpectedExit
from paramiko.ssh_exception import SSHException

HERE = Path(__file__).resolve().parent.parent
REPORT = "/run/imgcheck-report.json"  # in memory: in no snapshot


def run_script(c, name, environment=None):
    """Runs one of scripts/ on the droplet, from /run, which is in memory."""
    remote = f"/run/{name}"
    c.put(str(HERE / "scripts" / name), remote)
    words = [f"{key}={shlex.quote(value)}" for key, value in (environment or {}).items()]
    return c.run(" ".join(words + ["sh", remote]))


def upload_tree(c, tree):
    """Lays a folder's files over the droplet's, with their modes."""
    for file in sorted(p for p in tree.rglob("*") if p.is_file()):
        remote = "/" + file.relative_to(tree).as_posix()
        c.run(f"mkdir -p {shlex.quote(str(Path(remote).parent))}")
        c.put(str(file), remote)


@task
def build(c, name="one-click", version="1.0.0", packages="nginx openssl", imgcheck="bin/imgcheck", report="report.json"):
    """Installs, cleans, validates, fetches the report, and powers the droplet off."""
    c.put(imgcheck, "/usr/local/bin/imgcheck")
    run_script(c, "010-wait.sh")
    run_script(c, "020-upgrade.sh")
    asked = c.run("imgcheck check --only reboot-required --strict", warn=True)
    if asked.exited != 0:
        raise Exit("reboot the droplet (or see above), then run this again", code=asked.exited)

    upload_tree(c, HERE / "files")
    run_script(c, "040-application.sh", {"APP_NAME": name, "APP_VERSION": version, "PACKAGES": packages})
    run_script(c, "050-firewall.sh")
    run_script(c, "060-logins.sh")

    run_script(c, "090-clean.sh")
    c.get(REPORT, report)  # of a refusal, too
    run_script(c, "099-gate.sh")
    try:
        c.run("systemctl poweroff", hide=True)
    except (UnexpectedExit, SSHException, EOFError, OSError):
        pass  # the connection ends with the droplet
    print(f"The report is {report}. Take the snapshot once the droplet is off.")
