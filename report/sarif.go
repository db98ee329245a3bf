package report

import (
	"encoding/json"
	"io"
	"slices"
	"time"

	"imgcheck/check"
)

// sarif writes SARIF 2.1.0, the part of it that GitHub's code scanning reads: a rule
// a check, a result a finding. A check that could not be determined is a result too,
// and an error: the gates built on SARIF look at nothing else.
type sarif struct {
	atEnd
	w io.Writer
}

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool            `json:"tool"`
	Invocations []sarifInvocation    `json:"invocations"`
	Bases       map[string]sarifBase `json:"originalUriBaseIds"`
	Results     []sarifResult        `json:"results"`
	Properties  map[string]string    `json:"properties"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID         string              `json:"id"`
	Short      sarifText           `json:"shortDescription"`
	Full       sarifText           `json:"fullDescription"`
	Help       sarifText           `json:"help"`
	Properties map[string][]string `json:"properties"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	ExitCode      int                 `json:"exitCode"`
	ExitText      string              `json:"exitCodeDescription"`
	Start         string              `json:"startTimeUtc"`
	End           string              `json:"endTimeUtc"`
	Notifications []sarifNotification `json:"toolExecutionNotifications"`
}

type sarifNotification struct {
	Level   string        `json:"level"`
	Message sarifText     `json:"message"`
	Rule    sarifRuleLink `json:"associatedRule"`
}

type sarifRuleLink struct {
	ID    string `json:"id"`
	Index int    `json:"index"`
}

type sarifBase struct {
	Description sarifText `json:"description"`
}

// imageBase is what the paths of results are relative to. No address is given for it:
// where the image was mounted is of no use to anybody else.
const imageBase = "IMAGE"

func (s sarif) Close(r *Report) error {
	run := sarifRun{
		Tool: sarifTool{sarifDriver{Name: r.Tool.Name, Version: r.Tool.Version, Rules: []sarifRule{}}},
		Invocations: []sarifInvocation{{
			Successful: r.Verdict != "error" && r.Counts.Error == 0 && !r.unfinished(), ExitCode: r.ExitCode, ExitText: Verdict(r),
			Start: r.StartedAt.UTC().Format(time.RFC3339), End: ended(r).UTC().Format(time.RFC3339),
			Notifications: []sarifNotification{},
		}},
		Bases:      map[string]sarifBase{imageBase: {sarifText{Text: "The root of the image."}}},
		Results:    []sarifResult{},
		Properties: map[string]string{"machine": subject(r), "mode": r.Mode, "verdict": r.Verdict},
	}
	seen := map[string]int{}
	for _, one := range entries(r) {
		rule := sarifRuleLink{one.ID, run.rule(one)}
		run.notify(one, rule)
		run.Results = append(run.Results, sarifResults(one, rule, seen)...)
	}
	e := json.NewEncoder(s.w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0", Runs: []sarifRun{run},
	})
}

// rule returns the place of a result's rule among the rules.
func (run *sarifRun) rule(r Result) int {
	rules := &run.Tool.Driver.Rules
	if i := slices.IndexFunc(*rules, func(known sarifRule) bool { return known.ID == r.ID }); i >= 0 {
		return i
	}
	rule := sarifRule{
		ID: r.ID, Short: sarifText{Text: r.Title}, Full: sarifText{Text: documentation(r)},
		Properties: map[string][]string{"tags": {r.Category}},
		Help:       sarifText{Text: r.Title + "."},
	}
	if r.Remedy != "" {
		rule.Help = sarifText{Text: "Fix: " + r.Remedy, Markdown: "**Fix:** " + escapeMarkdown(r.Remedy)}
	}
	*rules = append(*rules, rule)
	return len(*rules) - 1
}

// documentation is what the catalogue says of a check; the report does not carry it.
func documentation(r Result) string {
	all := check.Catalogue()
	if i := slices.IndexFunc(all, func(c *check.Check) bool { return c.ID == r.ID }); i >= 0 {
		return all[i].Doc
	}
	return r.Title
}

// notify says of what was not looked at, or not whole, or by other rules, that it was so.
func (run *sarifRun) notify(r Result, rule sarifRuleLink) {
	level, messages := "error", unread(r)
	if r.Status == "skip" {
		level, messages = "note", []string{"skipped: " + r.Summary}
	}
	notifications := &run.Invocations[0].Notifications
	for _, m := range messages[:min(len(messages), most)] {
		*notifications = append(*notifications, sarifNotification{level, sarifText{Text: m}, rule})
	}
	if r.Changed != "" {
		*notifications = append(*notifications, sarifNotification{"note", sarifText{Text: "by the config file: " + r.Changed}, rule})
	}
	if rest := len(r.Findings) - most; rest > 0 {
		text := plural(rest, "finding is", "findings are") + " left out here; the JSON report has all"
		*notifications = append(*notifications, sarifNotification{"warning", sarifText{Text: text}, rule})
	}
}
