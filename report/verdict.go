package report

import (
	"fmt"
	"slices"
	"strings"
)

// Verdict returns the closing sentence: whether the image can be published, and
// what that does not rest on.
func Verdict(r *Report) string {
	var b strings.Builder
	if r.Cleaning != nil && len(r.failed()) > 0 {
		said := "Not cleaned: %s failed. "
		if r.DryRun {
			said = "Could not be planned whole: %s. "
		}
		fmt.Fprintf(&b, said, strings.Join(r.failed(), ", "))
	}
	b.WriteString(judgement(r))
	if r.Cleaning != nil && len(r.Owed) > 0 {
		b.WriteString(" Not everything that was stopped could be put back.")
	}
	b.WriteString(byConfig(r))
	if unknown := withStatus(r, "error"); len(unknown) > 0 {
		fmt.Fprintf(&b, " Could not be determined: %s.", strings.Join(ids(unknown), ", "))
	}
	if skipped := withStatus(r, "skip"); len(skipped) > 0 {
		fmt.Fprintf(&b, " Not looked at: %s.", strings.Join(reasons(skipped), "; "))
	}
	return b.String()
}

// byConfig says what of the verdict rests on a config file: a reader must not take it for
// what img_check.sh would say.
func byConfig(r *Report) string {
	var accepted, changed []string
	for _, one := range r.Results {
		if n := waived(one.Findings); n > 0 {
			accepted = append(accepted, fmt.Sprintf("%s (%s)", one.ID, plural(n, "finding", "findings")))
		}
		if one.Changed != "" && one.Status != "skip" {
			changed = append(changed, one.ID)
		}
	}
	text := ""
	if len(accepted) > 0 {
		text += " Waived: " + strings.Join(accepted, ", ") + "."
	}
	if len(changed) > 0 {
		text += " Judged by limits or names of the config file: " + strings.Join(changed, ", ") + "."
	}
	return text
}

// judgement sums up what the checks say.
func judgement(r *Report) string {
	switch {
	case !r.validated() && r.DryRun:
		return "Not validated: a dry run changes nothing, and no check has looked."
	case !r.validated():
		return "Not validated: no check has looked at what the steps left (--no-check)."
	case r.Counts.Fail > 0:
		return fmt.Sprintf("Not publishable: %s.", plural(r.Counts.Fail, "check fails", "checks fail"))
	case r.Verdict == "fail":
		return fmt.Sprintf("Not publishable: %s, and warnings count as failures (--strict).",
			plural(r.Counts.Warn, "check warns", "checks warn"))
	case r.Counts.Error > 0, len(r.Results) == 0:
		return "Not proven publishable: something could not be determined."
	case r.Verdict == "error":
		return "Not proven publishable: no check fails, but not every step worked."
	case r.Verdict == "warn":
		return fmt.Sprintf("Publishable, but look at %s first.", plural(r.Counts.Warn, "warning", "warnings"))
	}
	return "Publishable: no check fails or warns."
}

func withStatus(r *Report, status string) []Result {
	var found []Result
	for _, one := range r.Results {
		if one.Status == status {
			found = append(found, one)
		}
	}
	return found
}

func ids(results []Result) []string {
	var names []string
	for _, r := range results {
		names = append(names, r.ID)
	}
	return names
}

// mostNamed is how many skipped checks are named one by one for the same reason.
const mostNamed = 10

// reasons groups skipped checks by their reason, in order: "a, b (needs the
// running machine)". Of many (one check was asked for, and the others were not) some are
// named: updates and the firewall always, as nobody may think that they were looked at.
func reasons(skipped []Result) []string {
	var order []string
	byReason := map[string][]string{}
	for _, r := range skipped {
		if byReason[r.Summary] == nil {
			order = append(order, r.Summary)
		}
		byReason[r.Summary] = append(byReason[r.Summary], r.ID)
	}
	for i, reason := range order {
		order[i] = fmt.Sprintf("%s (%s)", some(byReason[reason]), reason)
	}
	return order
}

func some(names []string) string {
	if len(names) <= mostNamed {
		return strings.Join(names, ", ")
	}
	var named []string
	for _, name := range []string{"security-updates", "firewall"} {
		if slices.Contains(names, name) {
			named = append(named, name)
		}
	}
	if len(named) == 0 {
		named = names[:2]
	}
	return fmt.Sprintf("%s and %d more", strings.Join(named, ", "), len(names)-len(named))
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
