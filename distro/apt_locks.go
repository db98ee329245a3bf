package distro

// aptLocks are the files that apt and dpkg lock. DPkg::Lock::Timeout waits for one
// of them only, the frontend's; the lists' lock is what cloud-init's own "apt-get
// update" holds on a young droplet.
func aptLocks() []string {
	return []string{
		"/var/lib/apt/lists/lock", "/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock", "/var/cache/apt/archives/lock",
	}
}

func (d *debPackages) heldLock() (string, error) { return d.heldAptLock(d.lockHolder) }

// heldAptLock names a lock and who holds it, empty where none is held.
func (m *Machine) heldAptLock(holder func(name string) (pid int, err error)) (string, error) {
	for _, name := range aptLocks() {
		pid, err := holder(name)
		if err != nil {
			return "", err
		}
		if pid != 0 {
			return m.heldBy(name, pid), nil
		}
	}
	return "", nil
}
