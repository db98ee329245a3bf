package report

import (
	"fmt"
	"strings"

	"imgcheck/check"
	"imgcheck/clean"
)

// ChecksPage returns the catalogue of checks as a page of Markdown, by category.
func ChecksPage(checks []*check.Check) string {
	var b strings.Builder
	b.WriteString("# Checks\n\nWhat `imgcheck check` looks at, in the order of its report. `make docs` writes this page from\n" +
		"the catalogue; `imgcheck explain ID` shows one entry.\n")
	category := ""
	for _, c := range checks {
		if c.Category != category {
			category = c.Category
			fmt.Fprintf(&b, "\n## %s\n", category)
		}
		fmt.Fprintf(&b, "\n### %s\n\n**%s.** %s\n\n", c.ID, markdownText(c.Title), markdownText(c.Doc))
		item(&b, "Fix", c.Remedy)
		item(&b, "Mended by", links("steps.md", c.FixedBy))
		item(&b, "`img_check.sh`", orWords(c.Script, "does not look."))
		if c.NeedsLive {
			item(&b, "With `--root`", "skipped: only the running machine can answer.")
		}
		addresses(&b, c.Sources)
	}
	return b.String()
}

// StepsPage returns the catalogue of cleaning steps as a page of Markdown, in the
// order of the catalogue, each with the checks that it mends.
func StepsPage(steps []*clean.Step, checks []*check.Check) string {
	var b strings.Builder
	b.WriteString("# Cleaning steps\n\nWhat `imgcheck clean` does. Stages run one after the other: wait, room, update, purge, quiet, secrets,\n" +
		"leftovers, logs, identity; then the checks look, and only what they find publishable is sealed.\n" +
		"`make docs` writes this page from the catalogue; `imgcheck explain ID` shows one entry.\n")
	for _, s := range steps {
		fmt.Fprintf(&b, "\n## %s\n\n**%s.** %s\n\n", s.ID, markdownText(s.Title), markdownText(s.Doc))
		item(&b, "Stage", stages(s))
		if s.Default {
			item(&b, "Runs", "by default; `--skip "+s.ID+"` leaves it out.")
		} else {
			item(&b, "Runs", "only where it is asked for.")
		}
		if s.NeedsLive {
			item(&b, "With `--root`", "left out: it works on the running machine only.")
		}
		item(&b, "Mends", links("checks.md", mended(s, checks)))
		item(&b, "`cleanup.sh`", orWords(s.Script, "does nothing here."))
		addresses(&b, s.Sources)
	}
	return b.String()
}

// item writes one line of a list; nothing where there is nothing to say.
func item(b *strings.Builder, what, text string) {
	if text != "" {
		fmt.Fprintf(b, "- %s: %s\n", what, markdownText(text))
	}
}

func addresses(b *strings.Builder, all []string) {
	if len(all) > 0 {
		fmt.Fprintf(b, "- Sources: <%s>\n", strings.Join(all, ">, <"))
	}
}

func links(page string, ids []string) string {
	shown := make([]string, len(ids))
	for i, id := range ids {
		shown[i] = fmt.Sprintf("[%s](%s#%s)", id, page, id)
	}
	return strings.Join(shown, ", ")
}

func orWords(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// markdownText keeps what the catalogue's plain texts hold from being taken for marks.
func markdownText(text string) string {
	return strings.NewReplacer("*", `\*`, "<", "&lt;", "_", `\_`, "~", `\~`).Replace(text)
}
