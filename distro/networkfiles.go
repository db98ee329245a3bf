package distro

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// networkFiles are patterns of the files that configure the network, with what binds
// one to a hardware address, and what gives it an address of its own.
var networkFiles = [...]struct {
	pattern      string
	pin, address *regexp.Regexp
}{
	{"/etc/netplan/*.yaml", netplanPin, netplanAddress},
	{"/etc/sysconfig/network-scripts/ifcfg-*", regexp.MustCompile(`^\s*HWADDR=.*[0-9A-Fa-f]`), regexp.MustCompile(`^\s*(?:IPADDR[0-9]*|IPV6ADDR)=["']?([0-9a-fA-F.:]+)`)},
	{"/etc/NetworkManager/system-connections/*", regexp.MustCompile(`^\s*mac-address\s*=\s*[0-9A-Fa-f]`), regexp.MustCompile(`^\s*address(?:es)?[0-9]*\s*=\s*([0-9a-fA-F.:]+)`)},
	{"/etc/network/interfaces", interfacesPin, interfacesAddress},
	{"/etc/network/interfaces.d/*", interfacesPin, interfacesAddress},
	{"/etc/systemd/network/*.network", networkdPin, networkdAddress},
	{"/etc/systemd/network/*.link", networkdPin, networkdAddress},
}

var (
	netplanPin        = regexp.MustCompile(`^[^#]*\bmacaddress:\s*["']?[0-9A-Fa-f]{2}:`)
	netplanAddress    = regexp.MustCompile(`^(?:\s*-\s*|[^#]*\baddresses:\s*\[\s*)["']?([0-9a-fA-F.:]+)/[0-9]`)
	interfacesPin     = regexp.MustCompile(`^\s*hwaddress\s+(?:ether\s+)?[0-9A-Fa-f]{2}:`)
	interfacesAddress = regexp.MustCompile(`^\s*address\s+([0-9a-fA-F.:]+)`)
	networkdPin       = regexp.MustCompile(`^\s*(?:Permanent)?MACAddress\s*=\s*[0-9A-Fa-f]`)
	networkdAddress   = regexp.MustCompile(`^\s*Address\s*=\s*([0-9a-fA-F.:]+)`)
)

// renderedMark stands in what cloud-init writes anew on every instance.
var renderedMark = regexp.MustCompile(`(?i)created by cloud-init on instance boot|information provided by the datasource`)

const networkFileLimit = 1 << 20

// NetworkBinding is a line by which the network's configuration fits one machine only.
type NetworkBinding struct {
	Path string
	Line int // from 1
	// Pin: it names a hardware address; otherwise an address of the network.
	Pin bool
	// Rendered: cloud-init writes the file anew on every droplet.
	Rendered bool
}

// NetworkBindings returns the first pin and the first address of every file that
// configures the network. What could be read is returned beside an error that names
// what could not.
func (m *Machine) NetworkBindings() ([]NetworkBinding, error) {
	var found []NetworkBinding
	var problems []error
	for _, kind := range networkFiles {
		names, err := m.Root.Glob(kind.pattern)
		problems = append(problems, err)
		for _, name := range names {
			data, err := m.Root.ReadFile(name, networkFileLimit)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				problems = append(problems, err)
			}
			found = append(found, networkBindings(name, data, kind.pin, kind.address)...)
		}
	}
	if err := errors.Join(problems...); err != nil {
		return found, fmt.Errorf("reading the network's configuration: %w", err)
	}
	return found, nil
}

func networkBindings(name string, data []byte, pin, address *regexp.Regexp) []NetworkBinding {
	rendered := strings.Contains(path.Base(name), "cloud-init") || renderedMark.Match(data)
	var pinned, addressed int
	for i, line := range bytes.Split(data, []byte("\n")) {
		if pinned == 0 && pin.Match(line) {
			pinned = i + 1
		}
		if given := address.FindSubmatch(line); addressed == 0 && given != nil && !loopback(string(given[1])) {
			addressed = i + 1
		}
	}
	var found []NetworkBinding
	if pinned > 0 {
		found = append(found, NetworkBinding{Path: name, Line: pinned, Pin: true, Rendered: rendered})
	}
	if addressed > 0 {
		found = append(found, NetworkBinding{Path: name, Line: addressed, Rendered: rendered})
	}
	return found
}

func loopback(address string) bool { return strings.HasPrefix(address, "127.") || address == "::1" }
