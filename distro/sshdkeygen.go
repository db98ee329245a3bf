package distro

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"imgcheck/internal/host"
)

// unitFolders are where systemd looks for unit files, the strongest first.
var unitFolders = [...]string{"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"}

const (
	unitFileLimit = 1 << 20
	// keygenDropIns are what Red Hat adds to the unit so that it leaves the keys to
	// cloud-init where that runs.
	keygenDropIns = "sshd-keygen@.service.d/*.conf"
	// sshdSysconfig may tell CentOS 7's script to make no keys.
	sshdSysconfig = "/etc/sysconfig/sshd"
)

var (
	keygenUnit = regexp.MustCompile(`(?m)^(?:Wants|Requires|BindsTo)=.*?\b(sshd?-keygen[\w@.-]*)`)
	keysOff    = regexp.MustCompile(`(?m)^\s*AUTOCREATE_SERVER_KEYS=["']?NO`)
	initScript = [...]string{"/etc/init.d/sshd", "/etc/init.d/ssh", "/etc/rc.d/init.d/sshd"}
)

// sshdKeygen returns the unit or script that makes host keys when the server starts,
// empty where none does.
func (m *Machine) sshdKeygen(ctx context.Context, cloudInit bool) (string, error) {
	server, err := m.SSHServer(ctx)
	if err != nil && server.Unit == "" {
		return "", err
	}
	service := strings.Replace(server.Unit, ".socket", ".service", 1)
	text, err := m.unitText(service)
	if err != nil {
		return "", err
	}
	if makesHostKeys.Match(text) {
		return service, nil
	}
	if found := keygenUnit.FindSubmatch(text); found != nil {
		return m.keygenRuns(ctx, string(found[1]), cloudInit)
	}
	for _, script := range initScript {
		data, _, err := m.Root.ReadHead(script, unitFileLimit)
		if bytes.Contains(data, []byte("ssh-keygen")) && len(text) == 0 { // a unit of that name wins
			return script, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, host.ErrNotRegular) {
			return "", err
		}
	}
	return "", nil
}

// keygenRuns returns the unit if it makes keys on this machine.
func (m *Machine) keygenRuns(ctx context.Context, unit string, cloudInit bool) (string, error) {
	state, err := m.Units.State(ctx, unit)
	if err != nil || !state.Installed || state.Masked {
		return "", err
	}
	sysconfig, err := m.Root.ReadFile(sshdSysconfig, unitFileLimit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) || keysOff.Match(sysconfig) {
		return "", err
	}
	for _, dir := range unitFolders {
		leaves, err := m.anyContains(path.Join(dir, keygenDropIns), "cloud-init")
		if err != nil || leaves && cloudInit {
			return "", err
		}
	}
	return unit, nil
}

// unitText returns a unit's file and its drop-ins as one text.
func (m *Machine) unitText(unit string) ([]byte, error) {
	if unit == "" {
		return nil, nil
	}
	var text []byte
	for _, dir := range unitFolders {
		data, err := m.Root.ReadFile(path.Join(dir, unit), unitFileLimit)
		if err == nil {
			text = data
			break
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	for _, dir := range unitFolders {
		names, err := m.Root.Glob(path.Join(dir, unit+".d", "*.conf"))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			data, err := m.Root.ReadFile(name, unitFileLimit)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			text = slices.Concat(text, []byte{'\n'}, data)
		}
	}
	return text, nil
}

func (m *Machine) anyContains(pattern, word string) (bool, error) {
	names, err := m.Root.Glob(pattern)
	for _, name := range names {
		data, readErr := m.Root.ReadFile(name, unitFileLimit)
		if bytes.Contains(data, []byte(word)) {
			return true, nil
		}
		err = errors.Join(err, readErr)
	}
	return false, err
}
