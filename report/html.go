package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strings"
)

var (
	//go:embed page/page.css
	pageStyle string
	//go:embed page/page.js
	pageScript string
)

// page writes one HTML file that needs nothing else: it loads nothing, and its policy
// lets nothing run but its own script. Without that script it shows the same.
type page struct {
	atEnd
	w io.Writer
}

func (p page) Close(r *Report) error {
	m := &markup{}
	m.head(r)
	m.main(r)
	m.foot(r)
	_, err := io.WriteString(p.w, m.String())
	return err
}

// markup builds HTML. html/template would do it too, but adds two megabytes to the
// program: it calls methods by name, which keeps the linker from leaving any out.
type markup struct{ strings.Builder }

// add writes HTML in which each verb stands for a value, which is escaped: in text, and
// in attributes with quotes around them.
func (m *markup) add(format string, values ...any) {
	for i, v := range values {
		values[i] = html.EscapeString(fmt.Sprint(v))
	}
	fmt.Fprintf(m, format, values...)
}

func (m *markup) head(r *Report) {
	m.add(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="%s">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>%s: %s</title>
`, policy(), headline(r), subject(r))
	m.WriteString("<style>" + pageStyle + "</style>\n</head>\n<body>\n")
	m.add("<header class=\"%s\">\n<p class=\"kind\">imgcheck</p>\n<h1>%s</h1>\n", r.Verdict, headline(r))
	m.add("<p class=\"verdict\"><bdi>%s</bdi></p>\n<p class=\"subject\"><bdi>%s</bdi></p>\n", grounds(r), subject(r))
	for _, line := range afterwards(r) {
		m.add("<p class=\"after\"><bdi>%s</bdi></p>\n", line)
	}
	m.add("</header>\n")
}

// policy forbids all but what is written into the page itself.
func policy() string {
	return "default-src 'none'; style-src " + source(pageStyle) + "; script-src " + source(pageScript) +
		"; base-uri 'none'; form-action 'none'"
}

// source names an inline text in a content security policy by its hash.
func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// pageGroup is the results of one status.
type pageGroup struct {
	status, title string
	results       []Result
}

// pageGroups returns the statuses that occur, the gravest first.
func pageGroups(r *Report) []pageGroup {
	var groups []pageGroup
	unknown := "What could not be determined"
	if r.unfinished() {
		unknown += " or done"
	}
	for _, g := range []pageGroup{
		{status: "fail", title: "What fails"},
		{status: "error", title: unknown},
		{status: "warn", title: "What to look at"},
		{status: "skip", title: "What was not looked at"},
		{status: "pass", title: "What passes"},
	} {
		for _, one := range entries(r) {
			if one.Status == g.status {
				g.results = append(g.results, one)
			}
		}
		if len(g.results) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

func (m *markup) main(r *Report) {
	groups, total := pageGroups(r), len(entries(r))
	m.add(`<main id="all">
<svg class="bar" viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" aria-label="%s">`, scored(r.Counts))
	done := 0
	for _, g := range groups {
		m.add(`<rect class="%s" x="%s" y="0" width="%s" height="24"/>`, g.status, share(done, total), share(len(g.results), total))
		done += len(g.results)
	}
	m.add("</svg>\n<nav aria-label=\"Show one status only\">\n<a href=\"#all\" aria-current=\"true\">all <b>%v</b></a>\n", total)
	for _, g := range groups {
		m.add("<a class=\"%s\" href=\"#%s\">%s <b>%v</b></a>\n", g.status, g.status, g.status, len(g.results))
	}
	if r.Cleaning != nil {
		m.add("<a class=\"steps\" href=\"#steps\">steps <b>%v</b></a>\n", len(r.Steps))
	}
	m.add("</nav>\n")
	for _, g := range groups {
		m.add("<section id=\"%s\" data-status=\"%s\">\n<h2>%s</h2>\n", g.status, g.status, g.title)
		for _, one := range g.results {
			m.result(one)
		}
		m.add("</section>\n")
	}
	m.steps(r)
	m.add("</main>\n")
}

// share is a part of the width of the bar.
func share(n, of int) string { return fmt.Sprintf("%.1f", float64(n)*1000/float64(of)) }
