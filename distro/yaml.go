package distro

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parseYAML reads a file that holds one mapping, as the programs that read it demand,
// and returns the mapping, nil where the file holds nothing. The errors are
// LineErrors: the library's own quote the file.
func parseYAML(file string, data []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, more yaml.Node
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, LineError{file, yamlLine(err), "is not YAML"}
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, LineError{file, max(more.Line, 1), "begins a second document, where one is expected"}
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	switch root := document.Content[0]; {
	case root.Kind == yaml.ScalarNode && root.Tag == "!!null":
		return nil, nil
	case root.Kind != yaml.MappingNode:
		return nil, LineError{file, max(root.Line, 1), "is not a list of settings"}
	default:
		return root, nil
	}
}

var yamlErrorLine = regexp.MustCompile(`line ([0-9]{1,9})`)

// yamlLine picks the line out of the library's words.
func yamlLine(err error) int {
	if found := yamlErrorLine.FindStringSubmatch(err.Error()); found != nil {
		if n, err := strconv.Atoi(found[1]); err == nil && n > 0 {
			return n
		}
	}
	return 1
}

// yamlEntry is one key of a mapping.
type yamlEntry struct {
	key   string
	line  int
	value *yaml.Node
}

// yamlEntries lists the plain keys of a mapping; of a key that stands twice the last
// one counts, as in Python. A merge key ("<<") is returned like any other.
func yamlEntries(mapping *yaml.Node) []yamlEntry {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return nil
	}
	at := map[string]int{}
	var entries []yamlEntry
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], unaliased(mapping.Content[i+1])
		if key.Kind != yaml.ScalarNode {
			continue
		}
		e := yamlEntry{key.Value, key.Line, value}
		if known, twice := at[e.key]; twice {
			entries[known] = e
			continue
		}
		at[e.key] = len(entries)
		entries = append(entries, e)
	}
	return entries
}

// unaliased follows "*name" to what it stands for.
func unaliased(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias // an anchor's own node is never an alias
	}
	return n
}

// yamlText is a scalar's text, "" for a null and for what is no scalar.
func yamlText(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return strings.TrimSpace(n.Value)
}
