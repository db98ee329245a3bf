package distro

import (
	"bytes"
	"errors"
	"io"
)

// secretHit is one kind of secret in one text. It never holds the secret.
type secretHit struct {
	// Kind names it for a reader ("GitHub token", "OpenSSH private key").
	Kind string
	// Line is the first line it stands on, from 1; Places is how often it stands there.
	Line, Places int
	// Key: it is a private key rather than a provider's token.
	Key bool
}

const (
	scanBuffer = 128 << 10
	// scanAhead is how much of a text has to be there to judge what begins in it.
	scanAhead = 512
)

// literal is what a secret begins with.
type literal struct {
	text   string
	rule   *tokenRule
	header int // index in keyHeaders, where rule is nil
}

// secretScanner searches texts for tokens and private keys, all at once and in time
// that grows with their length alone. It is for one goroutine.
type secretScanner struct {
	literals []literal
	next     [][256]uint8 // the machine that finds the literals: state and byte to state
	ends     []uint8      // by state: 1 + index of the literal that ends there
	buffer   []byte
}

func newSecretScanner() *secretScanner {
	s := &secretScanner{buffer: make([]byte, scanBuffer)}
	rules := tokenRules()
	for i := range rules {
		for _, prefix := range rules[i].prefixes {
			s.literals = append(s.literals, literal{text: prefix, rule: &rules[i]})
		}
	}
	for i, header := range keyHeaders {
		s.literals = append(s.literals, literal{text: header, header: i})
	}
	s.build()
	return s
}

// build makes the machine by Aho and Corasick: the literals as a tree, and for every
// byte that leaves it the longest end of what was read that begins a literal too.
func (s *secretScanner) build() {
	s.next, s.ends = make([][256]uint8, 1), make([]uint8, 1)
	for i, l := range s.literals {
		state := uint8(0)
		for _, c := range []byte(l.text) {
			if s.next[state][c] == 0 {
				s.next, s.ends = append(s.next, [256]uint8{}), append(s.ends, 0)
				s.next[state][c] = uint8(len(s.next) - 1) //nolint:gosec // the literals together are shorter than 256
			}
			state = s.next[state][c]
		}
		s.ends[state] = uint8(i + 1)
	}
	fails := make([]uint8, len(s.next))
	var queue []uint8
	for _, child := range s.next[0] {
		if child != 0 {
			queue = append(queue, child)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		state := queue[0]
		fail := fails[state]
		if s.ends[state] == 0 {
			s.ends[state] = s.ends[fail]
		}
		for c, child := range s.next[state] {
			if child == 0 {
				s.next[state][c] = s.next[fail][c]
				continue
			}
			fails[child] = s.next[fail][c]
			queue = append(queue, child)
		}
	}
}

// scan reads a text to its end and returns what it found, in the order of lines, and
// how many bytes it read. What was found until an error is returned beside it.
func (s *secretScanner) scan(text io.Reader) (hits []secretHit, size int64, err error) {
	line, kept := 1, 0 // kept is one byte in front of what is searched next, once there is one
	for length := 0; ; {
		n, err := fill(text, s.buffer[length:])
		length, size = length+n, size+int64(n)
		if err != nil {
			hits = s.search(hits, s.buffer[:length], [2]int{kept, length}, line)
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return hits, size, err
		}
		limit := length - scanAhead
		hits = s.search(hits, s.buffer[:length], [2]int{kept, limit}, line)
		line += bytes.Count(s.buffer[kept:limit], []byte{'\n'})
		length = copy(s.buffer, s.buffer[limit-1:length])
		kept = 1
	}
}

// fill reads until p is full or the text ends. io.ReadFull would say of an archive
// that is cut off that it ends.
func fill(text io.Reader, p []byte) (n int, err error) {
	for idle := 0; n < len(p) && err == nil; {
		var more int
		more, err = text.Read(p[n:])
		if n += more; more > 0 {
			idle = 0
		} else if idle++; idle == 100 && err == nil {
			err = io.ErrNoProgress
		}
	}
	return n, err
}

// search looks for what begins within those bounds of a text; line is the line of
// the first.
func (s *secretScanner) search(hits []secretHit, text []byte, within [2]int, line int) []secretHit {
	counted := within[0]
	state := uint8(0)
	for i := within[0]; i < len(text); i++ {
		state = s.next[state][text[i]]
		if s.ends[state] == 0 {
			continue
		}
		l := s.literals[s.ends[state]-1]
		start := i + 1 - len(l.text)
		if start >= within[1] {
			break
		}
		kind := l.kind(text[:start], text[i+1:])
		if kind == "" {
			continue
		}
		line += bytes.Count(text[counted:start], []byte{'\n'})
		counted = start
		hits = addHit(hits, secretHit{Kind: kind, Line: line, Places: 1, Key: l.rule == nil})
	}
	return hits
}

// kind names the secret that begins with this literal, empty where none does.
func (l *literal) kind(before, rest []byte) string {
	switch {
	case l.rule == nil:
		return keyAt(l.header, rest)
	case l.rule.fits(before, rest):
		return l.rule.kind
	}
	return ""
}

func addHit(hits []secretHit, hit secretHit) []secretHit {
	for i := range hits {
		if hits[i].Kind == hit.Kind {
			hits[i].Places++
			return hits
		}
	}
	return append(hits, hit)
}
