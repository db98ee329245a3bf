package distro

import (
	"errors"
	"path"
	"slices"
	"strings"
)

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

// agentCompanions are packages that come with an agent and are none themselves: its
// repository's keys.
func agentCompanions() []string { return []string{"droplet-agent-keyring"} }

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

// FoundTrace is something that an agent has left.
type FoundTrace struct {
	AgentTrace
	Path string
	// Cron: cron runs it, and it installs the agent again.
	Cron bool
}

// FoundAgentTraces returns what DigitalOcean's agents have left, other than AgentFolder,
// each once however many links lead to it. A mask, which is a link to /dev/null, is no
// trace: it keeps an agent from being started.
func (m *Machine) FoundAgentTraces() ([]FoundTrace, error) {
	var traces []FoundTrace
	var seen []string
	var problems []error
	for _, trace := range AgentTraces() {
		names, err := m.Root.Glob(trace.Pattern)
		problems = append(problems, err)
		for _, name := range names {
			dir, err := m.Root.Resolve(path.Dir(name))
			problems = append(problems, err)
			real := path.Join(dir, path.Base(name))
			if err != nil || slices.Contains(seen, real) || m.masks(name) {
				continue
			}
			seen = append(seen, real)
			traces = append(traces, FoundTrace{trace, name, strings.HasPrefix(trace.Pattern, "/etc/cron.")})
		}
	}
	return traces, errors.Join(problems...)
}

func (m *Machine) masks(name string) bool {
	real, err := m.Root.Resolve(name)
	return err == nil && real == "/dev/null"
}

// AgentUnits returns the names of the units of DigitalOcean's agents that the machine
// has, timers first.
func (m *Machine) AgentUnits() ([]string, error) {
	var timers, services []string
	var problems []error
	for _, trace := range AgentTraces() {
		timer := strings.HasSuffix(trace.Pattern, ".timer")
		if !timer && !strings.HasSuffix(trace.Pattern, ".service") {
			continue
		}
		found, err := m.Root.Glob(trace.Pattern)
		problems = append(problems, err)
		for _, file := range found {
			if timer {
				timers = append(timers, path.Base(file))
			} else {
				services = append(services, path.Base(file))
			}
		}
	}
	slices.Sort(timers)
	slices.Sort(services)
	return append(slices.Compact(timers), slices.Compact(services)...), errors.Join(problems...)
}
