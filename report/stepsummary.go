package report

import (
	"fmt"
	"strings"

	"imgcheck/check"
	"imgcheck/clean"
)

// opWords is how a number of changes of one kind is told: of one and of more, once
// made and still planned.
type opWords struct {
	op                              clean.Op
	made, allMade, planned, allPlan string
}

// words returns the kinds of changes in the order in which a summary tells them.
func words() []opWords {
	return []opWords{
		{clean.OpTruncate, "1 file emptied", "%d files emptied", "empty 1 file", "empty %d files"},
		{clean.OpRemove, "1 file removed", "%d files removed", "remove 1 file", "remove %d files"},
		{clean.OpUnlink, "1 name removed", "%d names removed", "remove 1 name", "remove %d names"},
		{clean.OpRemoveFolder, "1 folder removed", "%d folders removed", "remove 1 folder", "remove %d folders"},
		{clean.OpWrite, "1 file rewritten", "%d files rewritten", "rewrite 1 file", "rewrite %d files"},
		{clean.OpRun, "1 command run", "%d commands run", "run 1 command", "run %d commands"},
		{clean.OpStop, "1 unit stopped", "%d units stopped", "stop 1 unit", "stop %d units"},
		{clean.OpFill, "1 file system overwritten", "%d file systems overwritten", "overwrite 1 file system", "overwrite %d file systems"},
		{clean.OpTrim, "1 file system trimmed", "%d file systems trimmed", "trim 1 file system", "trim %d file systems"},
	}
}

// tally is what the outcomes of a step come to.
type tally struct {
	counts       map[clean.Op]int
	left, failed int
	awaited      []string
	bytes        int64 // freed or overwritten
}

func sumUp(outcomes []clean.Outcome) tally {
	t := tally{counts: map[clean.Op]int{}}
	for _, o := range outcomes {
		switch {
		case o.Status == clean.Failed:
			t.failed++
		case o.Status == clean.Skipped:
			t.left++
		case o.Op == clean.OpWait && o.Await != nil:
			t.awaited = append(t.awaited, Display(o.Await.What))
		default:
			t.counts[o.Op]++
			t.bytes += bytesOf(o)
		}
	}
	return t
}

// bytesOf is how many bytes an action frees or overwrites, or would.
func bytesOf(o clean.Outcome) int64 {
	switch planned := o.Status == clean.Planned; {
	case planned && frees(o.Op):
		return o.Size
	case planned && o.FileSystem != nil:
		return o.FileSystem.Free
	case planned:
		return 0
	}
	return o.Bytes
}

// stepSummary is the one line that stands for what a step did, or would do.
func stepSummary(outcomes []clean.Outcome, dryRun bool) string {
	t := sumUp(outcomes)
	var parts []string
	if len(t.awaited) > 0 {
		verb := "waited for "
		if dryRun {
			verb = "wait for "
		}
		parts = append(parts, verb+strings.Join(t.awaited, ", "))
	}
	parts = append(parts, told(t.counts, dryRun)...)
	if t.left > 0 {
		parts = append(parts, fmt.Sprintf("%d left alone", t.left))
	}
	if t.failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", t.failed))
	}
	if len(parts) == 0 {
		return "nothing to do"
	}
	summary := strings.Join(parts, ", ")
	if t.bytes > 0 {
		summary += " (" + check.BinarySize(t.bytes) + ")"
	}
	return summary
}

// told tells numbers of changes in words.
func told(counts map[clean.Op]int, dryRun bool) []string {
	var parts []string
	for _, w := range words() {
		one, many := w.made, w.allMade
		if dryRun {
			one, many = w.planned, w.allPlan
		}
		switch n := counts[w.op]; {
		case n == 1:
			parts = append(parts, one)
		case n > 1:
			parts = append(parts, fmt.Sprintf(many, n))
		}
	}
	return parts
}
