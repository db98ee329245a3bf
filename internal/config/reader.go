package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// reader goes over the nodes of one file and notes what is wrong with them.
type reader struct {
	file     string
	mistakes Mistakes
}

func (r *reader) at(line int, format string, args ...any) {
	r.mistakes = append(r.mistakes, Mistake{r.file, max(line, 1), fmt.Sprintf(format, args...)})
}

func (r *reader) wrong(n *yaml.Node, format string, args ...any) { r.at(n.Line, format, args...) }

// field is a key and what reads its value.
type field struct {
	key  string
	read func(*yaml.Node)
}

type fields []field

func (all fields) keys() []string {
	var keys []string
	for _, f := range all {
		keys = append(keys, f.key)
	}
	return keys
}

// plain reports whether a node is what it seems: what is written elsewhere in the file, or
// is to be taken for another type, is not.
func (r *reader) plain(n *yaml.Node) bool {
	switch {
	case n.Kind == yaml.AliasNode:
		r.wrong(n, "has an alias (*): write the value out")
	case n.Anchor != "":
		r.wrong(n, "has an anchor (&): take it out")
	case n.Style&yaml.TaggedStyle != 0:
		r.wrong(n, "has a tag (!): take it out")
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null":
		r.wrong(n, "is empty: give it a value, or take it out")
	default:
		return true
	}
	return false
}

// mapping reads keys and values, and returns the keys that are there; nil where it is
// something else.
func (r *reader) mapping(n *yaml.Node, what string, known fields) map[string]bool {
	if !r.plain(n) {
		return nil
	}
	keys := known.keys()
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "%s must be keys and values (%s), not %s", what, strings.Join(keys, ", "), kindOf(n))
		return nil
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := slices.Index(keys, key.Value)
		switch {
		case !r.plain(key):
		case key.Kind != yaml.ScalarNode || at < 0:
			r.wrong(key, "%s: %s", Quoted("unknown key", key.Value), Instead(key.Value, keys, "there are "+strings.Join(keys, ", ")))
		case seen[key.Value]:
			r.wrong(key, "the key %s stands here twice: take one out", key.Value)
		default:
			seen[key.Value] = true
			known[at].read(value)
		}
	}
	return seen
}

// list reads each of a list's entries.
func (r *reader) list(n *yaml.Node, what string, read func(*yaml.Node)) {
	if !r.plain(n) {
		return
	}
	if n.Kind != yaml.SequenceNode {
		r.wrong(n, "%s must be a list, not %s: write [A, B], or a line with \"- \" for each", what, kindOf(n))
		return
	}
	for _, one := range n.Content {
		read(one)
	}
}

// names returns what reads a list of words.
func (r *reader) names(into *[]Name, what string, as form) func(*yaml.Node) {
	return func(n *yaml.Node) {
		r.list(n, "the "+what, func(n *yaml.Node) {
			var one Name
			r.word(&one, as)(n)
			if one.Text != "" {
				*into = append(*into, one)
			}
		})
	}
}

// word returns what reads a word in a form.
func (r *reader) word(into *Name, as form) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if !r.plain(n) {
			return
		}
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" {
			r.wrong(n, "must be text, not %s%s", kindOf(n), quotes(n))
			return
		}
		if complaint := as(n.Value); complaint != "" {
			r.wrong(n, "%s", complaint)
			return
		}
		*into = Name{n.Value, max(n.Line, 1)}
	}
}

// number reads a whole number, and returns -1 where it is none that the limit allows.
func (r *reader) number(n *yaml.Node, l limit) int64 {
	if !r.plain(n) {
		return -1
	}
	value, err := strconv.ParseInt(n.Value, 10, 64)
	switch {
	case n.Kind != yaml.ScalarNode || n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 || n.ShortTag() != "!!int":
		r.wrong(n, "%s must be a whole number, not %s", l.key, kindOf(n))
	case err != nil || strconv.FormatInt(value, 10) != n.Value || value < l.least || value > l.most:
		r.wrong(n, "%s must be from %d to %d, in plain digits", l.key, l.least, l.most)
	default:
		return value
	}
	return -1
}

func (r *reader) oneOf(n *yaml.Node, key string, values ...string) string {
	if !r.plain(n) {
		return ""
	}
	if n.Kind != yaml.ScalarNode || !slices.Contains(values, n.Value) {
		r.wrong(n, "%s must be %s", key, strings.Join(values, ", "))
		return ""
	}
	return n.Value
}

// date reads a day. YAML takes it for a time, unless it stands in quotes.
func (r *reader) date(n *yaml.Node) string {
	if !r.plain(n) {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, n.Value); n.Kind != yaml.ScalarNode || err != nil {
		r.wrong(n, "expires must be a day as YYYY-MM-DD, such as 2027-03-01")
		return ""
	}
	return n.Value
}

// kindOf names what a node is for people.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!str":
		return "text"
	case "!!bool":
		return "true or false"
	case "!!timestamp":
		return "a date"
	}
	return "a number"
}

// quotes says what makes text of a scalar that YAML takes for something else.
func quotes(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		return ""
	}
	return ": put it in quotes"
}
