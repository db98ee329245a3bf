package distro

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"imgcheck/internal/host"
)

// Where cloud-init's configuration begins.
const (
	CloudConfigFile  = "/etc/cloud/cloud.cfg"
	cloudConfigDir   = "/etc/cloud/cloud.cfg.d"
	cloudConfigLimit = 1 << 20
)

// CloudConfig is cloud-init's own configuration in the image, before a droplet's
// metadata adds to it.
type CloudConfig struct {
	// Files are the files that were read, the strongest first.
	Files []string
	parts []cloudPart
}

// cloudPart is one file: its settings by key.
type cloudPart struct {
	file     string
	settings map[string]cloudValue
}

// cloudValue is what one key is set to, and the key's line.
type cloudValue struct {
	*yaml.Node
	line int
}

// CloudConfig returns what cloud.cfg and the files of cloud.cfg.d say, an empty
// configuration where there is none. As in cloud-init the last file of the folder is
// the strongest, cloud.cfg the weakest, and a setting of a stronger file replaces the
// whole one of a weaker file. What could be read is returned beside an error that
// names the files that could not.
func (m *Machine) CloudConfig(ctx context.Context) (CloudConfig, error) {
	return m.cloudConfig.get(ctx)
}

func (m *Machine) readCloudConfig(context.Context) (CloudConfig, error) {
	var c CloudConfig
	problems := []error{c.add(m, CloudConfigFile)}
	dir := cloudConfigDir
	if other, found := c.Setting("conf_d"); found {
		dir = strings.TrimSpace(other.node.Value)
	}
	var names []fs.DirEntry
	var err error
	if dir != "" {
		names, err = m.Root.ReadDir(dir)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, host.ErrNotFolder) {
		problems = append(problems, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name.Name(), ".cfg") {
			problems = append(problems, c.add(m, path.Join(dir, name.Name())))
		}
	}
	slices.Reverse(c.parts)
	for _, p := range c.parts {
		c.Files = append(c.Files, p.file)
	}
	if err := errors.Join(problems...); err != nil {
		return c, fmt.Errorf("reading cloud-init's configuration: %w", err)
	}
	return c, nil
}

// add reads one file; it is weaker than those added later.
func (c *CloudConfig) add(m *Machine, file string) error {
	data, err := m.Root.ReadFile(file, cloudConfigLimit)
	if errors.Is(err, fs.ErrNotExist) { // or a link to nothing, which cloud-init passes over too
		return nil
	}
	if err != nil {
		return err
	}
	settings, err := parseCloudConfig(file, data)
	c.parts = append(c.parts, cloudPart{file, settings})
	return err
}

// parseCloudConfig reads one file of cloud-init's configuration. The error quotes
// nothing, unlike those of the library, whose line numbers are not always right either.
func parseCloudConfig(file string, data []byte) (map[string]cloudValue, error) {
	if first, _, _ := bytes.Cut(data, []byte{'\n'}); bytes.HasPrefix(bytes.ToLower(first), []byte("## template:")) {
		return nil, LineError{file, 1, "says that the file is a template, which is not rendered here"}
	}
	var root yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	err := decoder.Decode(&root)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err == nil && errors.Is(decoder.Decode(new(yaml.Node)), io.EOF) {
		return cloudSettings(file, root.Content[0])
	}
	return nil, fmt.Errorf("%s is not one YAML document", file) // of which cloud-init takes none
}

func cloudSettings(file string, top *yaml.Node) (map[string]cloudValue, error) {
	top = followAlias(top)
	if top.Kind == yaml.ScalarNode && top.Tag == "!!null" {
		return nil, nil
	}
	if top.Kind != yaml.MappingNode {
		return nil, LineError{file, max(top.Line, 1), "is not where settings begin"}
	}
	settings := map[string]cloudValue{}
	for i := 0; i+1 < len(top.Content); i += 2 {
		key := top.Content[i]
		settings[key.Value] = cloudValue{followAlias(top.Content[i+1]), max(key.Line, 1)} // as in Python, the last one counts
	}
	for _, key := range []string{"merge_how", "merge_type"} {
		if value, set := settings[key]; set {
			return settings, LineError{file, value.line, "changes how files are merged, which is not followed here"}
		}
	}
	return settings, nil
}

func followAlias(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode && node.Alias != nil {
		return node.Alias
	}
	return node
}
