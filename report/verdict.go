package report

import (
	"fmt"
	"strings"
)

// Verdict returns the closing sentence: whether the image can be published, and
// what that does not rest on.
func Verdict(r *Report) string {
	var b strings.Builder
	switch {
	case r.Counts.Fail > 0:
		fmt.Fprintf(&b, "Not publishable: %s.", plural(r.Counts.Fail, "check fails", "checks fail"))
	case r.Verdict == "fail":
		fmt.Fprintf(&b, "Not publishable: %s, and warnings count as failures (--strict).",
			plural(r.Counts.Warn, "check warns", "checks warn"))
	case r.Verdict == "error":
		b.WriteString("Not proven publishable: something could not be determined.")
	case r.Verdict == "warn":
		fmt.Fprintf(&b, "Publishable, but look at %s first.", plural(r.Counts.Warn, "warning", "warnings"))
	default:
		b.WriteString("Publishable: no check fails or warns.")
	}
	if unknown := withStatus(r, "error"); len(unknown) > 0 {
		fmt.Fprintf(&b, " Could not be determined: %s.", strings.Join(ids(unknown), ", "))
	}
	if skipped := withStatus(r, "skip"); len(skipped) > 0 {
		fmt.Fprintf(&b, " Not looked at: %s.", strings.Join(reasons(skipped), "; "))
	}
	return b.String()
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

// reasons groups skipped checks by their reason, in order: "a, b (needs the
// running machine)".
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
		order[i] = fmt.Sprintf("%s (%s)", strings.Join(byReason[reason], ", "), reason)
	}
	return order
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
