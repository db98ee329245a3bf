package check

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"imgcheck/distro"
)

func machineID() *Check {
	return &Check{
		ID:       "machine-id",
		Category: "identity",
		Title:    "The image has no machine-id of its own",
		Found:    "%d machine-id is not in order|%d machine-ids are not in order",
		Doc: "A filled /etc/machine-id is the same on every droplet, and with it DHCP identifiers, journal names and what services derive from it. It should be there and empty: the next boot fills it. " +
			"Where it is missing, or says \"uninitialized\", systemd takes the next boot for the first one, and enables and disables units as the distribution presets them; that is judged where the machine has systemd. " +
			"A link cannot be emptied in place and is judged as such. D-Bus's copy is judged unless it is a link to the first.",
		Sources: []string{
			"https://systemd.io/BUILDING_IMAGES/",
			"https://www.freedesktop.org/software/systemd/man/latest/machine-id.html",
		},
		Remedy:  "Run \"imgcheck clean --only identity\", or empty it in place: \"truncate --size 0 /etc/machine-id\". Put an empty file where it is missing, and in the place of a link.",
		FixedBy: []string{"identity"},
		Run:     judgeMachineIDs,
	}
}

func judgeMachineIDs(_ context.Context, m *distro.Machine) ([]Finding, error) {
	findings, err := judgeMachineID(m)
	copied, copyErr := judgeDBusID(m)
	return append(findings, copied...), looking("at the machine-id", errors.Join(err, copyErr))
}

func judgeMachineID(m *distro.Machine) ([]Finding, error) {
	found := func(message string) []Finding {
		return []Finding{{Level: LevelWarn, Path: distro.MachineID, Message: message}}
	}
	info, err := m.Root.Lstat(distro.MachineID)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		systemd, err := m.Program("systemctl")
		if systemd == "" {
			return nil, err
		}
		return found("missing: the next boot would be taken for the first"), nil
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSymlink != 0:
		return found("a link, where a file of its own is due"), nil
	}
	message, err := idMessage(m, distro.MachineID)
	if message == "" {
		return nil, err
	}
	return found(message), err
}

func judgeDBusID(m *distro.Machine) ([]Finding, error) {
	real, err := m.Root.Resolve(distro.DBusMachineID)
	if err == nil && real == distro.MachineID {
		return nil, nil
	}
	var message string
	if err == nil {
		message, err = idMessage(m, distro.DBusMachineID)
	}
	if errors.Is(err, fs.ErrNotExist) || err == nil && message == "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []Finding{{Level: LevelWarn, Path: distro.DBusMachineID, Message: message}}, nil
}

// idLimit is more than a machine-id has, in bytes.
const idLimit = 256

// idMessage says what is wrong with a machine-id, nothing where it is empty.
func idMessage(m *distro.Machine, name string) (string, error) {
	data, _, err := m.Root.ReadHead(name, idLimit)
	switch text := strings.TrimSpace(string(data)); {
	case err != nil, text == "":
		return "", err
	case text == "uninitialized":
		return "says \"uninitialized\": the next boot would be taken for the first", nil
	}
	return "filled: every droplet would share it", nil
}
