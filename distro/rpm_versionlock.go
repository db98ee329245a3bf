package distro

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// lockLists are where the versionlock plugins of dnf and yum keep their lists.
var lockLists = [...]string{"/etc/dnf/plugins/versionlock.list", "/etc/yum/pluginconf.d/versionlock.list"}

const lockListLimit = 1 << 20

// versionLocks are the patterns of a versionlock list.
type versionLocks []string

func (r rpmPackages) versionLocks() (versionLocks, error) {
	var locks versionLocks
	for _, name := range lockLists {
		data, err := r.m.Root.ReadFile(name, lockListLimit)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		locks = append(locks, parseVersionLocks(data)...)
	}
	return locks, nil
}

// parseVersionLocks leaves out what begins with "!": that forbids a version and
// holds none.
func parseVersionLocks(data []byte) versionLocks {
	var locks versionLocks
	for _, line := range lines(data) {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '#' && line[0] != '!' {
			locks = append(locks, line)
		}
	}
	return locks
}

// hold reports whether a pattern names the installed version. dnf writes
// "name-epoch:version-release.*", yum "epoch:name-version-release.*", and by hand
// anything goes that the two take for a package.
func (l versionLocks) hold(p Package) bool {
	epoch, bare, found := strings.Cut(p.Version, ":")
	if !found {
		epoch, bare = "0", p.Version
	}
	version, _, _ := strings.Cut(bare, "-")
	forms := []string{p.Name, p.Name + "-" + version, p.Name + "-" + bare}
	forms = append(forms, p.Name+"-"+epoch+":"+version, p.Name+"-"+epoch+":"+bare, epoch+":"+p.Name+"-"+bare)
	for _, pattern := range l {
		for _, form := range forms {
			if matches(pattern, form) || matches(pattern, form+"."+p.Arch) {
				return true
			}
		}
	}
	return false
}

// matches takes a pattern that cannot be read for one that matches nothing, as
// the plugins do.
func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}
