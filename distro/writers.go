package distro

// Writer is a unit that writes again, by itself or when something happens, to what
// cleaning has emptied.
type Writer struct {
	Unit string
	// Packages: it calls the package manager while it is active, and must not be stopped
	// in the middle of that.
	Packages bool
}

// Writers returns the units that are stopped before anything is emptied, in the order
// in which they are: what starts a unit before the unit, so that it is not started
// again. None is disabled: a boot has them all.
//
// cron is among them, as what it runs each hour and each day writes logs, rotates them,
// or installs an agent again; a job that runs when cron is stopped is not cut off. sshd,
// the network and cloud-init are not, nor is journald, which the logs see to, and no
// service of a vendor.
func Writers() []Writer {
	var all []Writer
	for _, unit := range [...]string{
		"cron.service", "crond.service", "anacron.timer", "anacron.service",
		"apt-daily.timer", "apt-daily-upgrade.timer", "dnf-makecache.timer",
		"dnf-automatic.timer", "dnf-automatic-download.timer", "dnf-automatic-install.timer", "dnf-automatic-notifyonly.timer",
		"update-notifier-download.timer", "update-notifier-motd.timer", "motd-news.timer", "ua-timer.timer",
		"apport-autoreport.timer", "apport-autoreport.path", "apport-forward.socket", "snapd.snap-repair.timer", "fwupd-refresh.timer",
		"logrotate.timer", "man-db.timer", "dpkg-db-backup.timer", "systemd-tmpfiles-clean.timer",
		"plocate-updatedb.timer", "mlocate-updatedb.timer", "updatedb.timer",
		"sysstat-collect.timer", "sysstat-summary.timer",
	} {
		all = append(all, Writer{Unit: unit})
	}
	for _, unit := range [...]string{
		"apt-daily.service", "apt-daily-upgrade.service", "unattended-upgrades.service", "packagekit.service",
		"dnf-makecache.service", "dnf-automatic.service", "dnf-automatic-install.service", "yum-cron.service",
	} {
		all = append(all, Writer{Unit: unit, Packages: true})
	}
	for _, unit := range [...]string{
		"apport-autoreport.service", "apport.service", "logrotate.service", "man-db.service", "dpkg-db-backup.service",
		"plocate-updatedb.service", "mlocate-updatedb.service", "updatedb.service",
		"sysstat-collect.service", "acct.service", "psacct.service",
		"syslog.socket", "rsyslog.service", "syslog-ng.service", "auditd.service",
		// It writes the seed when it stops.
		"systemd-random-seed.service",
	} {
		all = append(all, Writer{Unit: unit})
	}
	return all
}
