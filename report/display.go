package report

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Display returns s in the form in which every format shows it: control and other
// unprintable characters and bytes that are no UTF-8 as \xNN, a backslash as \\.
func Display(s string) string {
	if !needsEscape(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\\':
			b.WriteString(`\\`)
		case shows(r, size):
			b.WriteString(s[i : i+size])
		default:
			for _, c := range []byte(s[i : i+size]) {
				fmt.Fprintf(&b, `\x%02x`, c)
			}
		}
		i += size
	}
	return b.String()
}

func needsEscape(s string) bool {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == '\\' || !shows(r, size) {
			return true
		}
		i += size
	}
	return false
}

// shows reports whether a terminal shows r as one harmless character. Marks that
// turn the direction of text are not: they can make one name look like another.
func shows(r rune, size int) bool {
	return (r != utf8.RuneError || size > 1) && unicode.IsPrint(r)
}

// displayError returns what an error says, a line for each of the errors that were
// joined into it, so that a name with a line break in it stays in its line.
func displayError(err error) []string {
	var shown []string
	for _, line := range errorLines(err) {
		shown = append(shown, Display(line))
	}
	return shown
}

//nolint:errorlint // the shape of the error is what is asked about
func errorLines(err error) []string {
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		if err.Error() == errors.Join(e.Unwrap()...).Error() {
			var all []string
			for _, one := range e.Unwrap() {
				all = append(all, errorLines(one)...)
			}
			return all
		}
	case interface{ Unwrap() error }:
		inner := e.Unwrap()
		if inner == nil {
			break
		}
		if prefix, found := strings.CutSuffix(err.Error(), inner.Error()); found {
			all := errorLines(inner)
			for i := range all {
				all[i] = prefix + all[i]
			}
			return all
		}
	}
	return []string{err.Error()}
}
