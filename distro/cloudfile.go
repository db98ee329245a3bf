package distro

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"imgcheck/internal/host"
)

const (
	cloudConfigEnding = ".cfg"
	cloudConfigLimit  = 1 << 20
	// cloudConfigFiles bounds what a hostile folder can cost.
	cloudConfigFiles = 1000
)

// cloudConfigParts lists the files of cloud.cfg.d, the strongest first.
func (m *Machine) cloudConfigParts(dir string) ([]string, error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := m.Root.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, host.ErrNotFolder) {
		return nil, nil
	}
	var names []string
	for _, e := range slices.Backward(entries) {
		if !strings.HasSuffix(e.Name(), cloudConfigEnding) {
			continue
		}
		if len(names) == cloudConfigFiles {
			return names, fmt.Errorf("%s holds more than %d files", dir, cloudConfigFiles)
		}
		names = append(names, path.Join(dir, e.Name()))
	}
	return names, err
}

// cloudFile is one file of the configuration.
type cloudFile struct {
	name    string
	entries []yamlEntry
	// ownRules: it says by itself how it is merged with stronger ones.
	ownRules bool
}

// readCloudFile reads a file. What is none, such as a folder or a link to nothing,
// cloud-init passes over, and so does this.
func (m *Machine) readCloudFile(name string) (cloudFile, error) {
	f := cloudFile{name: name}
	info, err := m.Root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return cloudFile{}, nil
	}
	if err != nil {
		return cloudFile{}, err
	}
	data, err := m.Root.ReadFile(name, cloudConfigLimit)
	if err != nil {
		return cloudFile{}, err
	}
	f.entries, f.ownRules, err = parseCloudFile(name, data)
	if err != nil {
		return cloudFile{}, err
	}
	return f, nil
}

// parseCloudFile returns the settings of one file, and whether it names rules of its
// own for merging. The errors are LineErrors.
func parseCloudFile(name string, data []byte) (entries []yamlEntry, ownRules bool, err error) {
	first, _, _ := strings.Cut(string(data), "\n")
	if cloudTemplate(first) && (strings.Contains(string(data), "{{") || strings.Contains(string(data), "{%")) {
		return nil, false, LineError{name, 1, "begins a template, which is filled in at run time"}
	}
	root, err := parseYAML(name, data)
	if err != nil {
		return nil, false, err
	}
	for _, e := range yamlEntries(root) {
		switch e.key {
		case "<<":
			return nil, false, LineError{name, e.line, "merges settings by reference, which is not followed here"}
		case "merge_how", "merge_type":
			ownRules = true
		case "network": // mappings are merged key by key
			for _, inner := range yamlEntries(e.value) {
				inner.key = "network." + inner.key
				entries = append(entries, inner)
			}
		default:
			entries = append(entries, e)
		}
	}
	return entries, ownRules, nil
}

// cloudTemplate reports whether a first line reads "## template: jinja".
func cloudTemplate(line string) bool {
	line, found := strings.CutPrefix(strings.ReplaceAll(line, " ", ""), "##")
	return found && strings.HasPrefix(strings.ToLower(strings.TrimSpace(line)), "template:jinja")
}

// cloudSettings are the settings that are read, by name.
func cloudSettings() map[string]func(*CloudConfig, string, yamlEntry) {
	return map[string]func(*CloudConfig, string, yamlEntry){
		"datasource_list":      func(c *CloudConfig, file string, e yamlEntry) { c.DatasourceList = cloudList(file, e) },
		"ssh_genkeytypes":      func(c *CloudConfig, file string, e yamlEntry) { c.SSHGenKeyTypes = cloudList(file, e) },
		"ssh_deletekeys":       func(c *CloudConfig, file string, e yamlEntry) { c.SSHDeleteKeys = cloudBool(file, e) },
		"disable_root":         func(c *CloudConfig, file string, e yamlEntry) { c.DisableRoot = cloudBool(file, e) },
		"manual_cache_clean":   func(c *CloudConfig, file string, e yamlEntry) { c.ManualCacheClean = cloudBool(file, e) },
		"cloud_init_modules":   func(c *CloudConfig, file string, e yamlEntry) { c.InitModules = cloudModules(file, e) },
		"cloud_config_modules": func(c *CloudConfig, file string, e yamlEntry) { c.ConfigModules = cloudModules(file, e) },
		"cloud_final_modules":  func(c *CloudConfig, file string, e yamlEntry) { c.FinalModules = cloudModules(file, e) },
		"network.config": func(c *CloudConfig, file string, e yamlEntry) {
			c.NetworkDisabled = CloudSetting[bool]{yamlText(e.value) == "disabled", file, e.line}
		},
	}
}

// cloudBool follows cloud-init's util.translate_bool: whatever is not true is false.
func cloudBool(file string, e yamlEntry) CloudSetting[bool] {
	return CloudSetting[bool]{knownWord(strings.ToLower(yamlText(e.value)), "true 1 on yes"), file, e.line}
}

// cloudList follows cloud-init's util.get_cfg_option_list: a single word is a list too.
func cloudList(file string, e yamlEntry) CloudSetting[[]string] {
	s := CloudSetting[[]string]{File: file, Line: e.line}
	if text := yamlText(e.value); text != "" {
		s.Value = []string{text}
	}
	if e.value.Kind == yaml.SequenceNode {
		for _, item := range e.value.Content {
			s.Value = append(s.Value, yamlText(unaliased(item)))
		}
	}
	return s
}

// cloudModules reads a list of modules: names, or lists of a name and how often it runs.
func cloudModules(file string, e yamlEntry) CloudSetting[[]string] {
	s := CloudSetting[[]string]{File: file, Line: e.line}
	if e.value.Kind != yaml.SequenceNode {
		return s
	}
	for _, item := range e.value.Content {
		item = unaliased(item)
		if item.Kind == yaml.SequenceNode && len(item.Content) > 0 {
			item = unaliased(item.Content[0])
		}
		s.Value = append(s.Value, strings.ReplaceAll(yamlText(item), "_", "-"))
	}
	return s
}
