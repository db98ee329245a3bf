package distro

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// MailDirs returns the folders of mailboxes. As a rule one of them is a link to the
// other.
func MailDirs() []string { return []string{"/var/mail", "/var/spool/mail"} }

// MailQueues returns the folders in which mail servers keep what they have yet to
// deliver.
func MailQueues() []string {
	return []string{
		"/var/spool/exim/input", "/var/spool/exim4/input", "/var/spool/mqueue", "/var/spool/clientmqueue",
		"/var/spool/postfix/maildrop", "/var/spool/postfix/incoming", "/var/spool/postfix/active",
		"/var/spool/postfix/deferred", "/var/spool/postfix/hold",
	}
}

// InMaildir reports whether a file is one message of a mailbox that is a folder,
// rather than a mailbox.
func InMaildir(name string) bool {
	return slices.Contains([]string{"new", "cur", "tmp"}, path.Base(path.Dir(name)))
}

// TempDirs returns the folders of temporary files.
func TempDirs() []string { return []string{"/tmp", "/var/tmp"} }

// RunningTemp reports whether something of that name right in a folder of temporary
// files belongs to what runs now: the private folders that systemd and snapd give to
// services, and those of X's sockets. It means nothing in a tree.
func RunningTemp(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, "systemd-private-") ||
		slices.Contains([]string{"snap-private-tmp", ".X11-unix", ".ICE-unix", ".XIM-unix", ".font-unix", ".Test-unix"}, base)
}

// aptTemp are the files that apt makes while it verifies what it fetched.
var aptTemp = regexp.MustCompile(`^/(?:var/)?tmp/apt[.-](?:conf|data|sig|key-gpghome|dpkg-install)[.-]`)

// AptTemp reports whether a temporary file is apt's. On a running machine they come and
// go while its index is refreshed, by this program too.
func AptTemp(name string) bool { return aptTemp.MatchString(name) }

// CrashDirs returns the folders in which Debian's and Red Hat's crash handlers, the
// kernel's and systemd's keep what programs held in memory when they died.
func CrashDirs() []string {
	return []string{
		"/var/crash", "/var/lib/systemd/coredump", "/var/lib/apport/coredump",
		"/var/spool/abrt", "/var/spool/abrt-upload", "/var/tmp/abrt",
	}
}

// OldPasswords is where PAM remembers the hashes of passwords that were in use before.
const OldPasswords = "/etc/security/opasswd" //nolint:gosec // a path

// AccountBackups returns patterns of the copies of the account files that shadow's
// tools and Debian's daily job make.
func AccountBackups() []string {
	patterns := []string{OldPasswords + ".old"}
	for _, name := range [...]string{"passwd", "shadow", "group", "gshadow", "subuid", "subgid"} {
		patterns = append(patterns, "/etc/"+name+"-",
			"/var/backups/"+name+".bak", "/var/backups/"+name+".bak.*", "/var/backups/"+name+".[0-9]*")
	}
	return patterns
}

// InstallerLogDir is where Ubuntu's and Debian's installers leave their logs and
// answers.
const InstallerLogDir = "/var/log/installer"

// InstallerFiles returns patterns of what installers leave of their answers, which
// hold the hash of root's password, and of their logs.
func InstallerFiles() []string {
	return []string{
		"/root/anaconda-ks.cfg", "/root/original-ks.cfg", "/root/initial-setup-ks.cfg", "/root/install.log*",
	}
}

// BuildResidue returns folders in a home that the tools which build images work in.
// Collections and roles that Ansible has installed there are none of it.
func BuildResidue() []string {
	return []string{".ansible/tmp", ".ansible/cp", ".ansible/pc", ".ansible_async"}
}

// BuildResidueParent is a folder in a home that is only of use for what is in it.
const BuildResidueParent = ".ansible"

// FileIndexes returns the databases of the names of all files that locate searches.
func FileIndexes() []string {
	return []string{
		"/var/lib/plocate/plocate.db", "/var/lib/mlocate/mlocate.db", "/var/lib/slocate/slocate.db", "/var/cache/locate/locatedb",
	}
}

// CredentialSecret is the key to which systemd's encrypted credentials are bound.
const CredentialSecret = "/var/lib/systemd/credential.secret" //nolint:gosec // a path
