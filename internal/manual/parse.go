package manual

import (
	"strings"

	"github.com/spf13/cobra"
)

// said is the long help of a command, taken apart.
type said struct {
	paragraphs []string
	// lists are by their headings.
	lists map[string][]Entry
}

// parse takes the help apart: a paragraph whose first line ends with a colon, and whose
// others are indented, is a list of names and what is said of them.
func parse(c *cobra.Command) said {
	s := said{lists: map[string][]Entry{}}
	long := c.Long
	if long == "" {
		long = c.Short + "."
	}
	for _, paragraph := range strings.Split(strings.TrimSpace(long), "\n\n") {
		heading, rest, _ := strings.Cut(paragraph, "\n")
		if !strings.HasSuffix(heading, ":") || !strings.HasPrefix(rest, "  ") {
			s.paragraphs = append(s.paragraphs, paragraph)
			continue
		}
		for line := range strings.SplitSeq(rest, "\n") {
			name, text, _ := strings.Cut(strings.TrimSpace(line), "  ")
			s.lists[heading] = append(s.lists[heading], Entry{name, strings.TrimSpace(text)})
		}
	}
	return s
}
