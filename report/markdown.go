package report

import (
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
)

// longestComment is how many bytes a report has at most: GitHub takes comments of
// 65,536 characters, and step summaries of 1 MiB.
const longestComment = 60_000

// markdown writes a comment for a pull request. Names from the image stand in code
// blocks, where nothing in them is a link, a mention or markup.
type markdown struct {
	atEnd
	w io.Writer
}

func (m markdown) Close(r *Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### imgcheck: %s\n\n%s\n\n", escapeMarkdown(headline(r)), escapeMarkdown(clip(grounds(r), longestVerdict)))
	fmt.Fprintf(&b, "%s: %s. %s\n", escapeMarkdown(clip(subject(r), longestLine)), scored(r.Counts), escapeMarkdown(origin(r)))
	for _, line := range afterwards(r) {
		fmt.Fprintf(&b, "\n%s\n", escapeMarkdown(clip(line, longestVerdict)))
	}
	var sections []string
	for _, status := range []string{"fail", "error", "warn"} {
		for _, one := range entriesWith(r, status) {
			sections = append(sections, problem(one))
		}
	}
	left := 0
	for _, section := range append(sections, steps(r), quiet(r)) {
		if b.Len()+len(section) > longestComment {
			left++
			continue
		}
		b.WriteString(section)
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%s left out, as this would be too long. The JSON report has all.\n", plural(left, "part is", "parts are"))
	}
	_, err := io.WriteString(m.w, b.String())
	return err
}

// scored tells the counts, "9 fail, 1 error, 0 warn, 15 pass, 1 skip".
func scored(c Counts) string {
	text := fmt.Sprintf("%d fail, %d error, %d warn, %d pass, %d skip", c.Fail, c.Error, c.Warn, c.Pass, c.Skip)
	if c.Waived > 0 {
		text += ", " + plural(c.Waived, "finding waived", "findings waived")
	}
	return text
}

// problem shows a check that does not pass.
func problem(r Result) string {
	remedy := ""
	if mendable(r) {
		remedy = "\n**Fix:** " + escapeMarkdown(r.Remedy) + "\n"
	}
	label := html.EscapeString(strings.ToUpper(r.Status))
	summary := fmt.Sprintf("<b>%s</b> <code>%s</code> %s", label, html.EscapeString(r.ID), html.EscapeString(clip(r.Summary, longestLine)))
	return details(summary, explanation(r, folded), remedy)
}

// steps shows what was done, or would be, folded.
func steps(r *Report) string {
	lines := stepLines(r, false)
	if len(lines) == 0 {
		return ""
	}
	rest := len(lines) - longestList
	lines = append(lines[:min(len(lines), longestList)], andMore(rest)...)
	return details(plural(len(r.Steps), "step", "steps"), lines, "")
}

// quiet shows what passes or was not looked at, folded into one.
func quiet(r *Report) string {
	var lines []string
	for _, status := range []string{"skip", "pass"} {
		for _, one := range withStatus(r, status) {
			lines = append(lines, fmt.Sprintf("[%s] %s: %s", strings.ToUpper(status), one.ID, one.Summary))
			for _, line := range explanation(one, folded) {
				lines = append(lines, indent+line)
			}
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return details(fmt.Sprintf("%s, %d skipped", plural(r.Counts.Pass, "check passes", "checks pass"), r.Counts.Skip), lines, "")
}

// details folds lines under a summary, which is HTML, with Markdown after them.
func details(summary string, lines []string, after string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n<details><summary>%s</summary>\n\n", strings.ReplaceAll(summary, "@", "<code>@</code>"))
	if len(lines) > 0 {
		for i, line := range lines {
			lines[i] = clip(line, longestLine)
		}
		text := strings.Join(lines, "\n")
		fence := fenceFor(text)
		fmt.Fprintf(&b, "%stext\n%s\n%s\n", fence, text, fence)
	}
	b.WriteString(after + "\n</details>\n")
	return b.String()
}

var backticks = regexp.MustCompile("`+")

// fenceFor returns a fence that the text cannot close.
func fenceFor(text string) string {
	fence := "```"
	for _, run := range backticks.FindAllString(text, -1) {
		if len(run) >= len(fence) {
			fence = run + "`"
		}
	}
	return fence
}

var (
	entity = regexp.MustCompile(`&([A-Za-z#])`)
	link   = regexp.MustCompile(`(?i)(www)\.|:(//)`)
)

// escapeMarkdown takes their meaning from the characters that have one, from addresses
// too, and keeps GitHub from seeing a mention.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '@':
			b.WriteString("`@`")
			continue
		case strings.ContainsRune("\\`*_{}[]<>#|~$", r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	text := entity.ReplaceAllString(b.String(), `\&$1`)
	return link.ReplaceAllStringFunc(text, func(found string) string {
		if found == "://" {
			return `\://`
		}
		return found[:3] + `\.`
	})
}

// How many characters a comment shows of the verdict, and of any other line, and how
// many lines of what the steps did.
const (
	longestVerdict = 2000
	longestLine    = 500
	longestList    = 100
)

// clip cuts a line that is too long, and shows that it did.
func clip(s string, longest int) string {
	runes := []rune(s)
	if len(runes) <= longest {
		return s
	}
	return string(runes[:longest-1]) + "…"
}
