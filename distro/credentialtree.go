package distro

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"
)

// The reasons for which nobody knows what a file of credentials holds. They quote
// nothing of it.
var (
	errNotJSON = errors.New("is not JSON")
	errNotYAML = errors.New("is not YAML")
)

// jsonBelow finds a text that is the value of a member of one of these names, or
// stands anywhere below one.
func jsonBelow(keys ...string) finder {
	return func(data []byte) (int, bool, error) {
		if len(bytes.TrimSpace(data)) == 0 {
			return 0, false, nil
		}
		w := jsonWalk{decoder: json.NewDecoder(bytes.NewReader(data)), keys: keys}
		for {
			token, err := w.decoder.Token()
			if errors.Is(err, io.EOF) && len(w.open) == 0 {
				return 0, false, nil
			}
			if err != nil {
				return 0, false, errNotJSON
			}
			if w.secret(token) {
				return 1 + bytes.Count(data[:w.decoder.InputOffset()], []byte{'\n'}), true, nil
			}
		}
	}
}

// jsonWalk goes through a JSON text. open are the objects and arrays it is in.
type jsonWalk struct {
	decoder *json.Decoder
	keys    []string
	open    []jsonLevel
}

type jsonLevel struct {
	object, below bool
	// named: the member's name has been read, and it or one above it is looked for.
	key, named bool
}

// secret takes the next token and reports whether it is a text that is looked for.
func (w *jsonWalk) secret(token json.Token) bool {
	var level *jsonLevel
	if len(w.open) > 0 {
		level = &w.open[len(w.open)-1]
	}
	below := level != nil && (level.below || level.named)
	if delim, ok := token.(json.Delim); ok {
		if delim == '}' || delim == ']' {
			w.open = w.open[:len(w.open)-1]
			w.value()
			return false
		}
		w.open = append(w.open, jsonLevel{object: delim == '{', below: below})
		return false
	}
	text, isText := token.(string)
	if level != nil && level.object && !level.key {
		level.key, level.named = true, slices.Contains(w.keys, text)
		return false
	}
	w.value()
	return isText && below && given(text)
}

// value ends a member.
func (w *jsonWalk) value() {
	if len(w.open) > 0 {
		w.open[len(w.open)-1].key = false
	}
}

// yamlBelow is jsonBelow for YAML; without keys any text is looked for.
func yamlBelow(keys ...string) finder {
	return func(data []byte) (int, bool, error) {
		var root yaml.Node
		if err := yaml.Unmarshal(data, &root); err != nil {
			return 0, false, errNotYAML // the library's error may quote
		}
		line := yamlSecret(&root, keys, len(keys) == 0, 0)
		return line, line > 0, nil
	}
}

// yamlSecret returns the line of the first text that is looked for, 0 where there is
// none. Aliases are not followed: what they stand for has its own place.
func yamlSecret(node *yaml.Node, keys []string, below bool, depth int) int {
	if depth > yamlDepth {
		return 0
	}
	if node.Kind == yaml.ScalarNode && below && node.Tag != "!!null" && given(node.Value) {
		return max(node.Line, 1)
	}
	for i, child := range node.Content {
		inside := below
		if node.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			inside = below || slices.Contains(keys, node.Content[i-1].Value)
		}
		if line := yamlSecret(child, keys, inside, depth+1); line > 0 {
			return line
		}
	}
	return 0
}
