package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/distro"
)

// List is a table of the catalogue: rows of named columns.
type List struct {
	columns []string
	rows    [][]string
	// beside is how many of the last columns a table has no room for.
	beside int
}

// Checks lists checks in the given order.
func Checks(checks []*check.Check) List {
	l := List{columns: []string{"id", "category", "title"}}
	for _, c := range checks {
		l.rows = append(l.rows, []string{c.ID, c.Category, c.Title})
	}
	return l
}

// Steps lists cleaning steps in the given order.
func Steps(steps []*clean.Step) List {
	l := List{columns: []string{"id", "stage", "default", "title"}}
	for _, s := range steps {
		byDefault := "yes"
		if !s.Default {
			byDefault = "also"
		}
		l.rows = append(l.rows, []string{s.ID, stages(s), byDefault, s.Title})
	}
	return l
}

// stages names the stages that a step runs in.
func stages(s *clean.Step) string {
	var names []string
	for _, stage := range s.Stages {
		names = append(names, stage.String())
	}
	return strings.Join(names, ", ")
}

// Releases lists releases in the given order.
func Releases(releases []distro.Release) List {
	l := List{columns: []string{"id", "name", "version", "codename", "support", "end_of_life", "source"}, beside: 1}
	for _, r := range releases {
		l.rows = append(l.rows, []string{
			r.ID, r.Name, r.Version, r.Codename, r.Support.String(), r.EndOfLife.Format("2006-01-02"), r.Source,
		})
	}
	return l
}

// Write writes the list as a table for a terminal of so many columns, but never for less
// than 80, which are enough (0 is none), as JSON or as Markdown; another format is
// ErrFormat.
func (l List) Write(w io.Writer, format string, columns int) error {
	switch format {
	case "table":
		return l.table(w, max(textWidth(columns), usual))
	case "json":
		return l.json(w)
	case "markdown":
		return l.markdown(w)
	}
	return fmt.Errorf("%w as %q: use table, json or markdown", ErrFormat, format)
}

// table writes the columns side by side; the last one is broken where it is too wide.
func (l List) table(w io.Writer, width int) error {
	header := strings.Split(strings.ToUpper(strings.Join(l.columns, "\n")), "\n")
	last := len(l.columns) - l.beside - 1
	wide := make([]int, last)
	for _, row := range append([][]string{header}, l.rows...) {
		for i := range wide {
			wide[i] = max(wide[i], columns(row[i])+2)
		}
	}
	var b strings.Builder
	for _, row := range append([][]string{header}, l.rows...) {
		start := 0
		for i := range wide {
			b.WriteString(row[i] + strings.Repeat(" ", wide[i]-columns(row[i])))
			start += wide[i]
		}
		b.WriteString(layout(row[last], width, start, start) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (l List) json(w io.Writer) error {
	objects := []map[string]string{}
	for _, row := range l.rows {
		object := map[string]string{}
		for i, column := range l.columns {
			object[column] = row[i]
		}
		objects = append(objects, object)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(objects)
}

func (l List) markdown(w io.Writer) error {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(l.columns)
	line(strings.Split(strings.Repeat("---|", len(l.columns)-1)+"---", "|"))
	for _, row := range l.rows {
		line(row)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
