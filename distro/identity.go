package distro

// MachineID is the file by which systemd knows the machine. It must not be missing:
// systemd would take the next boot for the first one, and enable and disable units
// as the distribution presets them.
const MachineID = "/etc/machine-id"

// DBusMachineID is the copy that D-Bus may have; a link to MachineID as a rule.
const DBusMachineID = "/var/lib/dbus/machine-id"

// RandomSeeds returns the files that seed the kernel's random numbers at boot:
// systemd's, older Debian's, older Red Hat's, and the boot loader's.
func RandomSeeds() []string {
	return []string{
		"/var/lib/systemd/random-seed", "/var/lib/urandom/random-seed", "/var/lib/random-seed",
		"/boot/loader/random-seed", "/boot/efi/loader/random-seed", "/efi/loader/random-seed",
	}
}

// DHCPLeases returns patterns of what DHCP clients remember of the droplet's network.
// A server's leases in the same folder are the vendor's data. systemd-networkd keeps
// its own below /run, which is not in an image.
func DHCPLeases() []string {
	return []string{
		"/var/lib/dhcp/dhclient*", "/var/lib/dhclient/*",
		"/var/lib/dhcpcd/*.lease", "/var/lib/dhcpcd/*.lease6", "/var/lib/dhcpcd5/*.lease",
		"/var/lib/NetworkManager/*.lease", "/var/lib/NetworkManager/*.leases",
	}
}

// NetRules returns the files that bind names of network interfaces to the build
// droplet's hardware addresses.
func NetRules() []string { return []string{"/etc/udev/rules.d/70-persistent-net.rules"} }

// The places of cloud-init's state. Its scripts, seed and handlers beside them are
// the vendor's.
const (
	// CloudInstance is a link to the folder of the instance that runs.
	CloudInstance = "/var/lib/cloud/instance"
	// CloudSemaphores are the marks of what is done once and for all instances.
	CloudSemaphores = "/var/lib/cloud/sem"
)

// CloudState returns the folders of what cloud-init knows of the build droplet: user
// data, vendor data, metadata.
func CloudState() []string { return []string{"/var/lib/cloud/instances", "/var/lib/cloud/data"} }

// CloudLogs returns patterns of cloud-init's logs, which it makes anew at every boot.
func CloudLogs() []string {
	return []string{LogDir + "/cloud-init.log*", LogDir + "/cloud-init-output.log*"}
}
