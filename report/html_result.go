package report

import (
	"fmt"
	"strings"
)

// result shows one check: what it came to, what it found, and how to mend that.
func (m *markup) result(r Result) {
	m.add("<article class=\"%s\">\n<h3><span class=\"label\">%s</span> <code>%s</code></h3>\n", r.Status, r.Status, r.ID)
	m.add("<p class=\"summary\"><bdi>%s</bdi></p>\n", r.Summary)
	m.found(r)
	faults := unread(r)
	for _, fault := range faults[:min(len(faults), folded)] {
		m.add("<p class=\"unread\">could not look: <bdi>%s</bdi></p>\n", fault)
	}
	for _, line := range andMore(len(faults) - folded) {
		m.add("<p class=\"unread\">%s</p>\n", line)
	}
	if mendable(r) {
		if len(r.FixedBy) > 0 {
			m.fix("Run", "imgcheck clean --only "+strings.Join(r.FixedBy, ","))
		}
		m.fix("Fix", r.Remedy)
	}
	m.add("</article>\n")
}

// found folds the findings away where they are many, or decide nothing.
func (m *markup) found(r Result) {
	findings := telling(r)
	if len(r.Findings) > notesInSummary { // the summary has not told them all
		findings = r.Findings
	}
	if len(findings) == 0 {
		return
	}
	open := ""
	if len(findings) <= folded && (r.Status == "fail" || r.Status == "error") {
		open = " open"
	}
	m.add("<details%s>\n<summary>%s</summary>\n<ul>\n", open, counted(findings))
	shown, rest := gravest(findings, most)
	for _, f := range shown {
		m.finding(f)
	}
	for _, line := range andMore(rest) {
		m.add("<li>%s</li>\n", line)
	}
	m.add("</ul>\n</details>\n")
}

// counted tells how many findings there are, and how many are notes only.
func counted(findings []Finding) string {
	notes := 0
	for _, f := range findings {
		if f.Level == "note" {
			notes++
		}
	}
	var parts []string
	if n := len(findings) - notes; n > 0 {
		parts = append(parts, plural(n, "finding", "findings"))
	}
	if notes > 0 {
		parts = append(parts, plural(notes, "note", "notes"))
	}
	return strings.Join(parts, ", ")
}

func (m *markup) finding(f Finding) {
	m.add("<li class=\"%s\">", f.Level)
	switch {
	case f.Line > 0:
		m.add("<code><bdi>%s:%v</bdi></code> ", f.Path, f.Line)
	case f.Path != "":
		m.add("<code><bdi>%s</bdi></code> ", f.Path)
	}
	m.add("<bdi>%s</bdi>", f.Message)
	if f.Waived != nil {
		m.add(" <em>waived <bdi>%s</bdi></em>", waiver(f))
	}
	m.add("</li>\n")
}

// fix shows text to copy; the script takes the button out of hiding. Words with hyphens
// stay whole: an option that is broken after its first one is read as another.
func (m *markup) fix(label, text string) {
	m.add("<div class=\"fix\"><b>%s</b><p class=\"text\"><bdi>", label)
	for i, word := range strings.Split(text, " ") {
		if i > 0 {
			m.add(" ")
		}
		if strings.Contains(word, "-") {
			m.add("<span>%s</span>", word)
		} else {
			m.add("%s", word)
		}
	}
	m.add("</bdi></p><button type=\"button\" class=\"copy\" hidden>Copy</button></div>\n")
}

// steps shows what was done to the machine, or would be, as text does.
func (m *markup) steps(r *Report) {
	lines := stepLines(r, true)
	if len(lines) == 0 {
		return
	}
	title := "What was done"
	if r.DryRun {
		title = "What would be done"
	}
	m.add("<section id=\"steps\" data-status=\"steps\">\n<h2>%s</h2>\n<pre>", title)
	for _, line := range append(lines[:min(len(lines), longestLog)], andMore(len(lines)-longestLog)...) {
		m.add("%s\n", strings.Replace(line, indent, "  ", 1)) // a phone has no room
	}
	m.add("</pre>\n</section>\n")
}

// longestLog is how many lines about steps a page shows.
const longestLog = 5000

func (m *markup) foot(r *Report) {
	m.add("<footer>\n<dl>\n")
	for _, fact := range [][2]string{
		{"System", strings.TrimSpace(r.Machine.Name + " " + r.Machine.Version)},
		{"Root", r.Root},
		{"Kernel", r.Machine.Kernel},
		{"Vendor", r.Machine.Vendor},
		{"Command", r.Tool.Name + " " + r.Command},
		{"Exit code", fmt.Sprint(r.ExitCode)},
		{"Started", r.StartedAt.UTC().Format("2006-01-02 15:04:05 MST")},
		{"Took", seconds(float64(r.DurationMS)) + " s"},
		{"Made by", fmt.Sprintf("%s %s (%s)", r.Tool.Name, r.Tool.Version, r.Tool.Commit)},
	} {
		if fact[1] != "" {
			m.add("<dt>%s</dt><dd><bdi>%s</bdi></dd>\n", fact[0], fact[1])
		}
	}
	m.add("</dl>\n<p>Control characters in names are shown as \\xNN. The report holds nothing of what is in files.</p>\n</footer>\n")
	m.WriteString("<script>" + pageScript + "</script>\n</body>\n</html>\n")
}
