package distro

import "strings"

// hostnameFile holds the name of the machine on its first line.
const hostnameFile = "/etc/hostname"

// Hostname returns the name by which the machine calls itself, "a machine without a
// name" where no file says it.
func (m *Machine) Hostname() string {
	data, _, err := m.Root.ReadHead(hostnameFile, 1<<10)
	if line, _, _ := strings.Cut(string(data), "\n"); err == nil && strings.TrimSpace(line) != "" {
		return strings.TrimSpace(line)
	}
	return "a machine without a name"
}
