package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// junit writes the XML that Jenkins and GitLab read: a test case a check. The element
// names and their order follow the schema of Jenkins' xUnit plugin.
type junit struct {
	atEnd
	w io.Writer
}

type junitSuites struct {
	XMLName  xml.Name   `xml:"testsuites"`
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Time     string     `xml:"time,attr"`
	Suite    junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Skipped *junitOutcome `xml:"skipped"`
	Error   *junitOutcome `xml:"error"`
	Failure *junitOutcome `xml:"failure"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitOutcome struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func (j junit) Close(r *Report) error {
	suite := junitSuite{
		Name: r.Tool.Name, Time: seconds(float64(r.DurationMS)),
		Timestamp: r.StartedAt.UTC().Format("2006-01-02T15:04:05"), // the schemas know no time zone
		Properties: []junitProperty{
			{"version", r.Tool.Version}, {"machine", subject(r)}, {"verdict", Verdict(r)},
		},
	}
	names := map[string]int{}
	for _, one := range entries(r) {
		suite.add(one, names)
	}
	document := junitSuites{
		Name: suite.Name, Tests: suite.Tests, Failures: suite.Failures, Errors: suite.Errors, Time: suite.Time, Suite: suite,
	}
	text, err := xml.MarshalIndent(document, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(j.w, xml.Header+string(text)+"\n")
	return err
}

// add appends a result as a case. GitLab drops a case whose name another has.
func (s *junitSuite) add(r Result, names map[string]int) {
	c := junitCase{Class: s.Name + "." + r.Category, Name: r.ID, Time: seconds(r.DurationMS)}
	if names[r.ID]++; names[r.ID] > 1 {
		c.Name = fmt.Sprintf("%s (%d)", r.ID, names[r.ID])
	}
	text := strings.Join(body(r, most), "\n")
	// GitLab shows the text and not the message.
	outcome := &junitOutcome{Type: r.Status, Message: r.Summary, Text: strings.TrimSpace(r.Summary + "\n" + text)}
	s.Tests++
	switch r.Status {
	case "fail":
		s.Failures++
		c.Failure = outcome
	case "skip":
		s.Skipped++
		c.Skipped = &junitOutcome{Message: r.Summary}
	case "warn":
		c.Out = "warning: " + outcome.Text
	case "pass":
		c.Out = text
		if r.Changed != "" {
			c.Out = outcome.Text // which says by what it passes
		}
	default:
		s.Errors++
		c.Error = outcome
	}
	s.Cases = append(s.Cases, c)
}

func seconds(ms float64) string { return fmt.Sprintf("%.3f", ms/1000) }
