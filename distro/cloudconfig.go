package distro

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// CloudConfigFile is where cloud-init's configuration begins.
const CloudConfigFile = "/etc/cloud/cloud.cfg"

// CloudSetting is one setting of cloud-init. Value is what cloud-init goes by, its
// built-in default where File is empty.
type CloudSetting[T any] struct {
	Value T
	// File and Line, from 1, are where it is set.
	File string
	Line int
}

// Set reports whether a file says so.
func (s CloudSetting[T]) Set() bool { return s.File != "" }

// CloudConfig is the configuration of cloud-init in /etc, merged as cloud-init does
// it: the file of cloud.cfg.d that sorts last is the strongest, cloud.cfg the weakest.
// What a droplet adds at run time (/run/cloud-init, user data) is none of it.
type CloudConfig struct {
	// Files are the files that were read, the strongest first.
	Files []string
	// DatasourceList names the sources of metadata that are tried; without it all are.
	DatasourceList CloudSetting[[]string]
	// SSHDeleteKeys: host keys that the image brings are replaced at the first boot.
	// SSHGenKeyTypes are the types of the new ones; without it cloud-init decides.
	SSHDeleteKeys  CloudSetting[bool]
	SSHGenKeyTypes CloudSetting[[]string]
	// DisableRoot: root may not log in with the droplet's keys.
	DisableRoot CloudSetting[bool]
	// ManualCacheClean: a droplet goes on as the instance that the image was made of.
	ManualCacheClean CloudSetting[bool]
	// NetworkDisabled: cloud-init leaves the network alone.
	NetworkDisabled CloudSetting[bool]
	// InitModules, ConfigModules and FinalModules are what runs in each stage, by names
	// with "-" ("scripts-per-instance").
	InitModules, ConfigModules, FinalModules CloudSetting[[]string]
}

// Runs reports whether a module is in the list of some stage. Without any list of the
// last stage, which every distribution ships, it is taken to be.
func (c CloudConfig) Runs(module string) bool {
	return !c.FinalModules.Set() || slices.Contains(slices.Concat(c.InitModules.Value, c.ConfigModules.Value, c.FinalModules.Value), module)
}

// CloudConfig reads cloud-init's configuration. A machine without any has the
// defaults. What could be read is returned beside an error that names the files, and
// never quotes what is in them, that could not be: cloud-init passes over those.
func (m *Machine) CloudConfig(ctx context.Context) (CloudConfig, error) {
	return m.cloudConfig.get(ctx)
}

func (m *Machine) readCloudConfig(ctx context.Context) (CloudConfig, error) {
	c := CloudConfig{SSHDeleteKeys: CloudSetting[bool]{Value: true}, DisableRoot: CloudSetting[bool]{Value: true}}
	main, err := m.readCloudFile(CloudConfigFile)
	problems := []error{err}
	dir := CloudConfigFile + ".d"
	if i := slices.IndexFunc(main.entries, func(e yamlEntry) bool { return e.key == "conf_d" }); i >= 0 {
		dir = yamlText(main.entries[i].value)
	}
	names, err := m.cloudConfigParts(dir)
	problems = append(problems, err)
	merged := map[string]bool{}
	for _, name := range names {
		if ctx.Err() != nil {
			problems = append(problems, context.Cause(ctx))
			break
		}
		file, err := m.readCloudFile(name)
		problems = append(problems, err, c.merge(file, merged))
	}
	problems = append(problems, c.merge(main, merged))
	if err := errors.Join(problems...); err != nil {
		return c, fmt.Errorf("reading cloud-init's configuration: %w", err)
	}
	return c, nil
}

// merge takes in a file that is weaker than those before it; merged are the settings
// that those have.
func (c *CloudConfig) merge(f cloudFile, merged map[string]bool) error {
	if f.name == "" {
		return nil
	}
	c.Files = append(c.Files, f.name)
	var problems []error
	for _, e := range f.entries {
		take, ours := cloudSettings()[e.key]
		switch {
		case !ours:
		case !merged[e.key]:
			merged[e.key] = true
			take(c, f.name, e)
		case f.ownRules:
			problems = append(problems, LineError{f.name, e.line, "is merged by rules of its own, which are not followed here"})
		}
	}
	return errors.Join(problems...)
}
