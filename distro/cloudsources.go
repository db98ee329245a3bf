package distro

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// dropletSources are the sources of metadata that a droplet has. cloud-init's helper
// takes their names as they are written.
var dropletSources = [...]string{"DigitalOcean", "ConfigDrive"}

// Installers' files in cloud.cfg.d: Ubuntu's, which switches cloud-init's search and
// its network off, and the older one under it.
var installerFiles = [...]string{
	"99-installer.cfg", "90-installer-network.cfg", "subiquity-disable-cloudinit-networking.cfg", "curtin-*.cfg", "*-curtin-*.cfg",
}

// cloudSeeds are folders from which the source NoCloud takes a machine's metadata
// where they hold both files.
var (
	cloudSeeds     = [...]string{"/var/lib/cloud/seed/nocloud", "/var/lib/cloud/seed/nocloud-net"}
	cloudSeedFiles = [...]string{"meta-data", "user-data"}
)

const seededSource = "NoCloud"

// CloudSourceFaults tells what keeps cloud-init from asking a droplet's own sources of
// metadata, and which files of an installer are left. What was found is returned
// beside an error that names what could not be looked at.
func (m *Machine) CloudSourceFaults(ctx context.Context) ([]CloudFault, error) {
	config, err := m.CloudConfig(ctx)
	problems := []error{err}
	found := config.sourceFaults()
	for _, look := range []func(context.Context, CloudConfig) ([]CloudFault, error){
		m.fixedSource, m.sourceArgs, m.installerLeftovers, m.cloudSeed,
	} {
		faults, err := look(ctx, config)
		found, problems = append(found, faults...), append(problems, err)
	}
	if err := errors.Join(problems...); err != nil {
		return found, fmt.Errorf("looking for the sources of cloud-init's metadata: %w", err)
	}
	return found, nil
}

func (c CloudConfig) sourceFaults() []CloudFault {
	var found []CloudFault
	sources, set := c.List("datasource_list")
	if list, _ := c.Setting("datasource_list"); set && !slices.ContainsFunc(sources, ofDroplet) {
		found = append(found, CloudFault{list.File, list.Line, "datasource_list has neither DigitalOcean nor ConfigDrive, which a droplet's metadata comes from"})
	}
	if network, _ := c.Setting("network"); network.below("config") == "disabled" {
		found = append(found, CloudFault{network.File, network.Line, "cloud-init is told to leave the network alone, so that a droplet gets none of its addresses"})
	}
	return found
}

func ofDroplet(source string) bool { return slices.Contains(dropletSources[:], source) }

// fixedSource looks for a source that ds-identify is told to take without a look.
func (m *Machine) fixedSource(context.Context, CloudConfig) ([]CloudFault, error) {
	settings, err := m.dsIdentify()
	if source := settings["datasource"]; source.text != "" && !ofDroplet(source.text) {
		return []CloudFault{{dsIdentifyFile, source.line, "a source that is neither DigitalOcean nor ConfigDrive is fixed"}}, err
	}
	return nil, err
}

// sourceArgs looks for the kernel's arguments that fix a source.
func (m *Machine) sourceArgs(ctx context.Context, _ CloudConfig) ([]CloudFault, error) {
	args, err := m.KernelArgs(ctx)
	var found []CloudFault
	for _, a := range args {
		name, source, _ := strings.Cut(a.Arg, "=")
		if knownWord(name, "ci.ds ci.datasource") && !ofDroplet(source) || name == "ds" && source != "" {
			found = append(found, CloudFault{a.File, a.Line, "the kernel's argument " + name + " fixes a source that no droplet has"})
		}
	}
	return found, err
}

func (m *Machine) installerLeftovers(context.Context, CloudConfig) ([]CloudFault, error) {
	var found []CloudFault
	var problems []error
	for _, pattern := range installerFiles {
		names, err := m.Root.Glob(path.Join(CloudConfigFile+".d", pattern))
		problems = append(problems, err)
		for _, name := range names {
			found = append(found, CloudFault{Path: name, What: "is what an installer leaves behind"})
		}
	}
	return found, errors.Join(problems...)
}

// cloudSeed looks for metadata in the image itself, which every droplet would take
// for its own.
func (m *Machine) cloudSeed(_ context.Context, config CloudConfig) ([]CloudFault, error) {
	if sources, set := config.List("datasource_list"); set && !slices.Contains(sources, seededSource) {
		return nil, nil
	}
	var found []CloudFault
	for _, dir := range cloudSeeds {
		complete := true
		for _, name := range cloudSeedFiles {
			there, err := m.exists(path.Join(dir, name))
			if err != nil {
				return found, err
			}
			complete = complete && there
		}
		if complete {
			found = append(found, CloudFault{Path: dir, What: "holds metadata that droplets would take for their own"})
		}
	}
	return found, nil
}
