package report

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
)

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Level        string             `json:"level"`
	Message      sarifText          `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
	Message  *sarifText    `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification"`
}

// sarifResults returns a result for each finding that is more than a note, and one for
// what could not be looked at. A check that does not pass has at least one.
func sarifResults(r Result, rule sarifRuleLink, seen map[string]int) []sarifResult {
	found := r.Findings
	if faults := unread(r); len(faults) > 0 {
		lines := append(faults[:min(len(faults), folded)], andMore(len(faults)-folded)...)
		found = append([]Finding{{Level: "fail", Message: "could not be determined: " + strings.Join(lines, "; ")}}, found...)
	}
	var results []sarifResult
	shown, _ := gravest(found, most)
	for _, f := range shown {
		if f.Level != "note" {
			results = append(results, sarifFinding(f, rule, seen))
		}
	}
	if len(results) == 0 && r.Status != "pass" && r.Status != "skip" {
		results = append(results, sarifFinding(Finding{Level: r.Status, Message: r.Summary}, rule, seen))
	}
	return results
}

func sarifFinding(f Finding, rule sarifRuleLink, seen map[string]int) sarifResult {
	level := "error"
	if f.Level == "warn" {
		level = "warning"
	}
	same := fingerprint(rule.ID, f, seen)
	result := sarifResult{
		RuleID: rule.ID, RuleIndex: rule.Index, Level: level, Message: sarifText{Text: f.Message},
		Locations: []sarifLocation{locate(f)},
		// GitHub matches the results of two runs by the first of them only.
		Fingerprints: map[string]string{"primaryLocationLineHash": same, "imgcheck/v1": same},
	}
	if f.Waived != nil {
		result.Suppressions = []sarifSuppression{{"external", "accepted", waiver(f)}}
	}
	return result
}

// locate says where a finding is. GitHub refuses a whole report in which one result
// has no file, so that what has no one place is at the file that names the system. It
// wants a line too, which is the first where there is none.
func locate(f Finding) sarifLocation {
	if f.Path == "" {
		return sarifLocation{
			Physical: sarifPhysical{sarifArtifact{"etc/os-release", imageBase}, sarifRegion{1}},
			Message:  &sarifText{Text: "The whole image, which this file names."},
		}
	}
	return sarifLocation{Physical: sarifPhysical{sarifArtifact{relativeURI(f.Path), imageBase}, sarifRegion{max(1, f.Line)}}}
}

// relativeURI is the path as an address relative to the root.
func relativeURI(name string) string {
	rel := strings.TrimPrefix(path.Clean("/"+name), "/")
	if rel == "" {
		return "./"
	}
	return (&url.URL{Path: rel}).String()
}

var amount = regexp.MustCompile(`[0-9][0-9.,:]*( ([KMGT]i?)?B\b| bytes\b)?`)

// fingerprint tells the same finding from run to run: it leaves out numbers, which
// change as a log grows, and counts what is alike.
func fingerprint(id string, f Finding, seen map[string]int) string {
	sum := sha256.Sum256([]byte(id + "\x00" + f.Path + "\x00" + amount.ReplaceAllString(f.Message, "")))
	hash := fmt.Sprintf("%x", sum[:8])
	seen[hash]++
	return fmt.Sprintf("%s:%d", hash, seen[hash])
}
