package distro

import "strings"

// LogStates returns the files in which log daemons note how far they are.
func LogStates() []string {
	return []string{
		"/var/lib/logrotate/status", "/var/lib/logrotate/logrotate.status", "/var/lib/logrotate.status",
		"/var/lib/rsyslog/imjournal.state",
	}
}

// LoginDatabases returns the successors of wtmp and lastlog, which Debian 13 has. They
// are SQLite's, for which a file that holds nothing is a new database.
func LoginDatabases() []string {
	return []string{"/var/lib/wtmpdb/wtmp.db", "/var/lib/lastlog/lastlog2.db"}
}

// DatabaseSides returns the files beside a database of SQLite's from which it would
// bring back what it held.
func DatabaseSides(database string) []string {
	return []string{database + "-journal", database + "-wal", database + "-shm"}
}

// Accounting is the kernel's record of every process where Red Hat's psacct keeps it;
// Debian's lies among the logs. AccountingArchives are patterns of the rotated ones.
const Accounting = "/var/account/pacct"

// AccountingArchives returns patterns of the rotated records of processes.
func AccountingArchives() []string { return []string{Accounting + "-*", Accounting + ".[0-9]*"} }

// lateLogs are the folders of logs that the emptying of others may be written to.
var lateLogs = [...]string{"/var/log/account/", "/var/log/sa/", "/var/log/sysstat/", "/var/log/audit/"}

// LateLog reports whether a log has to be emptied after the others: it may record
// that they were.
func LateLog(name string) bool {
	for _, dir := range lateLogs {
		if strings.HasPrefix(name, dir) {
			return true
		}
	}
	return KindOfLog(name) == LogLogins
}
