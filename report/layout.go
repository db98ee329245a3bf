package report

import (
	"regexp"
	"strings"
	"unicode"
)

// The bounds, in columns, within which text follows the width of a terminal: between
// narrower ones nothing fits, and longer lines are tiring to read.
const (
	narrowest = 40
	widest    = 100
	// usual is the width where no terminal says another.
	usual = 80
)

// bound is a space at which no line ends. Display escapes the real ones, so that none
// comes from a name.
const bound = "\u00a0"

// textWidth returns the width at which text is laid out on a terminal of so many
// columns, and where there is none.
func textWidth(columns int) int {
	if columns <= 0 {
		return usual
	}
	return min(max(columns, narrowest), widest)
}

// keep makes parts of a text stay in one line each: a path that holds a space, a
// command that is to be copied.
func keep(text string, parts ...string) string {
	for _, part := range parts {
		if strings.Contains(part, " ") {
			text = strings.ReplaceAll(text, part, strings.ReplaceAll(part, " ", bound))
		}
	}
	return text
}

var quotedSpan = regexp.MustCompile(`(^|[ (])"[^"]+"`)

// layout breaks text between words into lines of at most width columns. The first one
// begins at the column start, the others are indented by hang. A word that is longer
// stands whole, and what is quoted is one word, as somebody may copy it.
func layout(text string, width, start, hang int) string {
	text = quotedSpan.ReplaceAllStringFunc(text, func(span string) string {
		return span[:1] + strings.ReplaceAll(span[1:], " ", bound)
	})
	var b strings.Builder
	column, gap := start, 0
	for i, word := range strings.Split(text, " ") {
		if word == "" && i > 0 {
			gap++ // two spaces part a path from what is said of it
			continue
		}
		switch {
		case i == 0:
		case column+gap+1+columns(word) > width:
			b.WriteString("\n" + strings.Repeat(" ", hang))
			column = hang
		default:
			b.WriteString(strings.Repeat(" ", gap+1))
			column += gap + 1
		}
		b.WriteString(word)
		column, gap = column+columns(word), 0
	}
	return unbound(b.String())
}

func unbound(text string) string { return strings.ReplaceAll(text, bound, " ") }

// command is something to type or to write, in quotes, that stands free in a sentence.
var command = regexp.MustCompile(`(?:^| )"([^"]+ [^"]+)"[,;:.]?(?: |$)`)

// remedy lays out what mends a finding: each command has a line of its own, whole and
// without quotes, so that the line can be copied.
func remedy(text string, width, start, hang int) string {
	var b strings.Builder
	say := func(prose string) {
		if prose == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteString("\n" + strings.Repeat(" ", hang))
			start = hang
		}
		b.WriteString(layout(prose, width, start, hang))
	}
	for {
		at := command.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		say(text[:at[0]])
		b.WriteString("\n" + strings.Repeat(" ", hang+2) + text[at[2]:at[3]])
		// The space after it may be the one before the next.
		text = strings.TrimLeft(text[at[3]:], `",;:. `)
	}
	say(text)
	return unbound(b.String())
}

// columns returns how many columns of a terminal a text takes.
func columns(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case isWide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// isWide reports whether terminals show a character over two columns: those of East
// Asian scripts, and pictures (https://www.unicode.org/reports/tr11/).
func isWide(r rune) bool {
	if r < 0x1100 {
		return false
	}
	for _, wide := range [][2]rune{
		{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f},
		{0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd},
	} {
		if wide[0] <= r && r <= wide[1] {
			return true
		}
	}
	return false
}
