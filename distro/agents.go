package distro

// AgentFolder is where DigitalOcean's agents live, and all that img_check.sh looks at.
const AgentFolder = "/opt/digitalocean"

// AgentTrace is a place where one of DigitalOcean's agents leaves something.
type AgentTrace struct {
	// Pattern is a path, or one for host.Root's Glob.
	Pattern string
	// What says what lies there.
	What string
	// Alive: it runs an agent or installs it again; else it is residue.
	Alive bool
}

// monitoringAgent is the package of the agent that reports metrics.
const monitoringAgent = "do-agent"

// AgentPackages returns the packages of DigitalOcean's agents, sorted.
func AgentPackages() []string { return []string{monitoringAgent, "droplet-agent"} }

// AgentTraces returns the places at which DigitalOcean's agents leave something
// other than AgentFolder: what is alive first.
func AgentTraces() []AgentTrace {
	var traces []AgentTrace
	for _, name := range AgentPackages() {
		for _, dir := range [...]string{"/etc", "/usr/local/lib", "/usr/lib", "/lib"} {
			traces = append(traces,
				AgentTrace{dir + "/systemd/system/" + name + "*.service", "a unit of the agent", true},
				AgentTrace{dir + "/systemd/system/" + name + "*.timer", "a timer that installs or updates the agent", true})
		}
		traces = append(traces,
			AgentTrace{"/etc/init/" + name + "*.conf", "an upstart job of the agent", true},
			AgentTrace{"/etc/cron.*/" + name + "*", "a cron job that installs or updates the agent", true},
			AgentTrace{"/usr/local/bin/" + name, "the agent", true},
			AgentTrace{"/etc/systemd/system/*.wants/" + name + "*", "a link that started the agent at boot", false})
	}
	for _, dir := range [...]string{"/etc/apt/sources.list.d/", "/etc/yum.repos.d/"} {
		traces = append(traces,
			AgentTrace{dir + "digitalocean-agent*", "the agent's package source", false},
			AgentTrace{dir + "droplet-agent*", "the agent's package source", false})
	}
	return append(traces,
		AgentTrace{"/etc/apt/preferences.d/droplet-agent*", "a pin for the agent's packages", false},
		AgentTrace{"/usr/share/keyrings/droplet-agent*", "the key of the agent's packages", false},
		AgentTrace{"/var/lib/digitalocean/droplet-agent*", "residue of the agent's installer", false},
		AgentTrace{"/var/log/droplet_agent.*log", "a log of the agent", false})
}
