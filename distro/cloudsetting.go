package distro

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// CloudSetting is one setting and where it stands.
type CloudSetting struct {
	File string
	Line int // from 1
	node *yaml.Node
}

// Setting returns the strongest setting of that key, and whether there is one.
func (c CloudConfig) Setting(key string) (CloudSetting, bool) {
	for _, part := range c.parts {
		if value, found := part.settings[key]; found {
			return CloudSetting{part.file, value.line, value.Node}, true
		}
	}
	return CloudSetting{}, false
}

// Bool reads a setting as cloud-init's modules do: it is true where it says true, yes,
// on or 1. unset is returned where nothing sets it.
func (c CloudConfig) Bool(key string, unset bool) bool {
	s, found := c.Setting(key)
	if !found {
		return unset
	}
	value := strings.ToLower(strings.TrimSpace(s.node.Value))
	return s.node.Kind == yaml.ScalarNode && slices.Contains([]string{"true", "yes", "on", "1"}, value)
}

// List returns the texts of a setting that is a list, and whether anything sets it.
// Of an element that is a list or a mapping itself the first text counts, as modules
// with arguments are written ("[ssh, always]").
func (c CloudConfig) List(key string) (texts []string, set bool) {
	s, found := c.Setting(key)
	if !found {
		return nil, false
	}
	if s.node.Kind == yaml.ScalarNode && s.node.Tag != "!!null" {
		for _, text := range strings.Split(s.node.Value, ",") {
			texts = append(texts, strings.TrimSpace(text))
		}
		return texts, true
	}
	for _, element := range s.node.Content {
		if text := firstText(element); text != "" {
			texts = append(texts, text)
		}
	}
	return texts, true
}

// cloudModules are the settings that list the modules which cloud-init runs.
var cloudModules = [...]string{"cloud_init_modules", "cloud_config_modules", "cloud_final_modules"}

// Runs reports whether a module ("scripts-per-instance") is in the list of some stage.
// Without any list of the last stage, which every distribution ships, it is taken to be.
func (c CloudConfig) Runs(module string) bool {
	if _, set := c.Setting("cloud_final_modules"); !set {
		return true
	}
	return slices.ContainsFunc(cloudModules[:], func(list string) bool {
		modules, _ := c.List(list)
		return slices.ContainsFunc(modules, func(name string) bool {
			return strings.ReplaceAll(strings.TrimPrefix(name, "cc_"), "_", "-") == module
		})
	})
}

// below returns the text of a key in a setting that is a mapping, empty where there is
// none.
func (s CloudSetting) below(key string) string {
	if s.node == nil || s.node.Kind != yaml.MappingNode {
		return ""
	}
	for i := 0; i+1 < len(s.node.Content); i += 2 {
		if s.node.Content[i].Value == key {
			return followAlias(s.node.Content[i+1]).Value
		}
	}
	return ""
}

func firstText(node *yaml.Node) string {
	node = followAlias(node)
	switch {
	case node.Kind == yaml.ScalarNode:
		return node.Value
	case node.Kind == yaml.SequenceNode && len(node.Content) > 0 && node.Content[0].Kind == yaml.ScalarNode:
		return node.Content[0].Value
	case node.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == "name" {
				return node.Content[i+1].Value
			}
		}
	}
	return ""
}

// yamlDepth is deeper than any configuration.
const yamlDepth = 100

// Texts returns every text of a setting, those in lists and mappings too.
func (s CloudSetting) Texts() []string {
	if s.node == nil {
		return nil
	}
	return texts(s.node, 0)
}

func texts(node *yaml.Node, depth int) []string {
	if node.Kind == yaml.ScalarNode {
		return []string{node.Value}
	}
	var found []string
	for i, child := range node.Content {
		if depth < yamlDepth && (node.Kind != yaml.MappingNode || i%2 == 1) {
			found = append(found, texts(child, depth+1)...)
		}
	}
	return found
}
