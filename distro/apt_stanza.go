package distro

import (
	"bytes"
	"strings"
)

const (
	// aptFileLimit bounds one configuration file of apt.
	aptFileLimit = 4 << 20
	// stanzaLineLimit is far above the longest line seen, a Provides of 30 KiB.
	stanzaLineLimit = 1 << 20
	// stanzaFieldLimit is far above the most fields seen in one stanza, some forty.
	stanzaFieldLimit = 1000
)

// stanzaReader walks through text in deb822(5): stanzas of fields, divided by
// empty lines.
type stanzaReader struct {
	file string
	data []byte
	// comments: lines that begin with "#" are none of the text, as in the files
	// that people edit.
	comments bool
	// start is the line, from 1, at which the current stanza begins.
	start  int
	line   int
	fields []stanzaField
	err    error
}

type stanzaField struct {
	name  string
	value []byte // with the line breaks of what continues it
}

// next reads the next stanza; false at the end and where err says what is wrong.
func (s *stanzaReader) next() bool {
	s.fields, s.start = s.fields[:0], 0
	for len(s.data) > 0 && s.err == nil {
		line, rest, _ := bytes.Cut(s.data, []byte("\n"))
		s.data = rest
		s.line++
		switch {
		case len(bytes.TrimSpace(line)) == 0:
			if s.start > 0 {
				return true
			}
		case s.comments && line[0] == '#':
		default:
			if s.start == 0 {
				s.start = s.line
			}
			s.add(line)
		}
	}
	return s.start > 0 && s.err == nil
}

func (s *stanzaReader) add(line []byte) {
	switch {
	case len(line) > stanzaLineLimit:
		s.err = LineError{s.file, s.line, "is too long"}
	case bytes.IndexByte(line, 0) >= 0:
		s.err = LineError{s.file, s.line, "is not text"}
	case line[0] == ' ' || line[0] == '\t':
		s.proceed(line)
	case len(s.fields) == stanzaFieldLimit:
		s.err = LineError{s.file, s.line, "is a field too many"}
	default:
		name, value, found := bytes.Cut(line, []byte(":"))
		if !found || !isFieldName(name) {
			s.err = LineError{s.file, s.line, "is not a field"}
			return
		}
		// capped, so that what continues it goes elsewhere than over the file's text
		s.fields = append(s.fields, stanzaField{string(name), value[:len(value):len(value)]})
	}
}

// proceed adds a line to the last field.
func (s *stanzaReader) proceed(line []byte) {
	if len(s.fields) == 0 {
		s.err = LineError{s.file, s.line, "continues a field that is not there"}
		return
	}
	last := &s.fields[len(s.fields)-1]
	last.value = append(append(last.value, '\n'), line...)
}

// field returns the value of a field, trimmed; "" where the stanza has none. Names
// are compared as apt and dpkg do, whatever their case.
func (s *stanzaReader) field(name string) string {
	for _, f := range s.fields {
		if len(f.name) == len(name) && strings.EqualFold(f.name, name) {
			return string(bytes.TrimSpace(f.value))
		}
	}
	return ""
}

func isFieldName(name []byte) bool {
	for _, c := range name {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return len(name) > 0 && name[0] != '-'
}
