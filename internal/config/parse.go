package config

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// version is the form of the file that is read here.
const version = 1

// Parse reads a config file. Its error is of the type Mistakes, and names all that it
// found, so that a file is mended in one go.
func Parse(name string, data []byte) (*File, error) {
	r := &reader{file: name}
	top := r.document(data)
	if len(r.mistakes) > 0 {
		return nil, r.mistakes
	}
	f := &File{Name: name}
	r.top(top, f)
	if err := r.mistakes.Or(); err != nil {
		return nil, err
	}
	return f, nil
}

// document returns the one thing that the file is.
func (r *reader) document(data []byte) *yaml.Node {
	if len(data) > Bound {
		r.at(1, "is larger than %d KiB", Bound>>10)
		return nil
	}
	var root, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	switch err := decoder.Decode(&root); {
	case errors.Is(err, io.EOF), err == nil && len(root.Content) == 0:
		r.at(1, "is empty: begin it with \"version: 1\"")
		return nil
	case err != nil:
		r.malformed(err)
		return nil
	}
	switch err := decoder.Decode(&more); {
	case err == nil:
		r.at(more.Line, "begins a second document: take the --- out")
	case !errors.Is(err, io.EOF):
		r.malformed(err)
	}
	return root.Content[0]
}

var (
	inLine = regexp.MustCompile(`line ([0-9]+): `)
	// said are the library's own words about the form of a file, which quote none of it.
	said = regexp.MustCompile(`^[a-z ,':<>?{}[\]-]+$`)
)

// malformed notes that the library cannot read the file. What it may quote is left out.
func (r *reader) malformed(err error) {
	text, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if found := inLine.FindStringSubmatch(text); found != nil {
		if n, err := strconv.Atoi(found[1]); err == nil && n > 0 {
			line = n
		}
		text = strings.Replace(text, found[0], "", 1)
	}
	if strings.Contains(text, "anchor") || strings.Contains(text, "tag") || !said.MatchString(text) {
		text = "look at its indentation, colons and quotes"
	}
	r.at(line, "is not YAML around here: %s", text)
}

func (r *reader) top(n *yaml.Node, f *File) {
	seen := r.mapping(n, "the file", fields{
		{"version", r.version},
		{"skip", r.names(&f.Skip, "check ids", idForm)},
		{"limits", func(n *yaml.Node) { r.limits(n, &f.Limits) }},
		{"accounts", func(n *yaml.Node) {
			r.mapping(n, "accounts", fields{{"allow", r.names(&f.Accounts.Allow, "user names", userForm)}})
		}},
		{"waivers", func(n *yaml.Node) { f.Waivers = r.waivers(n) }},
		{"clean", func(n *yaml.Node) { r.clean(n, &f.Clean) }},
		{"plugins", r.word(&f.Plugins, folderForm)},
	})
	if seen != nil && !seen["version"] {
		r.at(1, "has no version: begin it with \"version: 1\"")
	}
}

func (r *reader) version(n *yaml.Node) {
	is := r.number(n, limit{"version", 0, 1 << 31})
	if is != version && is >= 0 {
		r.wrong(n, "version %d is not known: this imgcheck reads version %d", is, version)
	}
}

// limit is what one number may be.
type limit struct {
	key         string
	least, most int64
}

func (r *reader) limits(n *yaml.Node, into *Limits) {
	const gib = 1 << 30
	size := func(to *int64, l limit) func(*yaml.Node) {
		return func(n *yaml.Node) { *to = r.number(n, l) }
	}
	r.mapping(n, "limits", fields{
		{"log-bytes", size(&into.LogBytes, limit{"log-bytes", 1, gib})},
		{"history-bytes", size(&into.HistoryBytes, limit{"history-bytes", 1, gib})},
		{"disk-gib", size(&into.DiskGiB, limit{"disk-gib", 1, 16384})},
	})
}

func (r *reader) clean(n *yaml.Node, into *Clean) {
	r.mapping(n, "clean", fields{
		{"skip", r.names(&into.Skip, "step ids", idForm)},
		{"also", r.names(&into.Also, "step ids", idForm)},
		{"keep", r.names(&into.Keep, "globs", globForm)},
		{"zero-fill", func(n *yaml.Node) { into.ZeroFill = r.oneOf(n, "zero-fill", "fill", "trim", "off") }},
	})
	for _, also := range into.Also {
		if slices.Contains(Texts(into.Skip), also.Text) {
			r.at(also.Line, "%s is under clean.skip as well: take one out", Quoted("the step", also.Text))
		}
	}
}

func (r *reader) waivers(n *yaml.Node) []*Waiver {
	var all []*Waiver
	r.list(n, "waivers", func(n *yaml.Node) {
		w := r.waiver(n)
		for _, other := range all {
			if other.Check.Text == w.Check.Text && other.Path == w.Path {
				r.wrong(n, "the same waiver stands in line %d: take one out", other.Line)
			}
		}
		all = append(all, w)
	})
	return all
}

func (r *reader) waiver(n *yaml.Node) *Waiver {
	w := &Waiver{Line: max(n.Line, 1)}
	var path, reason Name
	seen := r.mapping(n, "a waiver", fields{
		{"check", r.word(&w.Check, idForm)},
		{"path", r.word(&path, globForm)},
		{"reason", r.word(&reason, reasonForm)},
		{"expires", func(n *yaml.Node) { w.Expires = r.date(n) }},
	})
	w.Path, w.Reason = path.Text, reason.Text
	if seen != nil {
		r.needs(n, seen, "check", "check: log-files")
		r.needs(n, seen, "reason", "reason: demo data shipped on purpose")
		r.needs(n, seen, "expires", "expires: 2027-03-01, the last day on which it holds")
	}
	return w
}

func (r *reader) needs(n *yaml.Node, seen map[string]bool, key, example string) {
	if !seen[key] {
		r.wrong(n, "the waiver has no %s: add %s", key, example)
	}
}
