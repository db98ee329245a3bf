package distro

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"time"

	"imgcheck/internal/host"
)

const (
	defaultCloudInitWait = 10 * time.Minute
	cloudInitPoll        = 2 * time.Second
	// cloudInitAnswer is what one question may take: the program is written in Python,
	// and the machine may have one slow processor.
	cloudInitAnswer = 30 * time.Second
	// cloudInitBegins is how long after a boot cloud-init has begun, if it does at all.
	cloudInitBegins = 5 * time.Minute

	// cloudInitLast is the unit that runs last.
	cloudInitLast     = "cloud-final.service"
	cloudInitOff      = "/run/cloud-init/disabled"
	cloudInitResult   = "/run/cloud-init/result.json"
	cloudInitAtWork   = "/run/cloud-init/status.json"
	cloudInitFinished = "/var/lib/cloud/instance/boot-finished"
)

var errCloudInitRuns = errors.New("cloud-init has not finished (cloud-init status --long tells what it is at)")

// AwaitCloudInit is the wait until cloud-init has finished, nil where there is nothing
// to wait for: no cloud-init, one that is disabled, or no service manager that would
// run it. One that ended with an error is a note.
func (m *Machine) AwaitCloudInit(ctx context.Context) (*Await, error) {
	program, err := m.Program(cloudInitProgram)
	if err != nil || program == "" {
		return nil, err
	}
	disabled, err := m.exists(CloudDisabledFile)
	if err != nil || disabled {
		return nil, err
	}
	last, err := m.Units.State(ctx, cloudInitLast)
	if err != nil || last.Activity == host.ActivityUnknown {
		return nil, err
	}
	limit := m.settings.CloudInitWait
	if limit == 0 {
		limit = defaultCloudInitWait
	}
	return &Await{What: "cloud-init", Limit: limit, wait: m.waitForCloudInit}, nil
}

func (m *Machine) waitForCloudInit(ctx context.Context) (string, error) {
	start := time.Now()
	for {
		ended, note, err := m.cloudInitEnded(ctx)
		if ended || err != nil && ctx.Err() == nil {
			return note, err
		}
		m.settings.waits("cloud-init", time.Since(start))
		if pause(ctx, cloudInitPoll) {
			continue
		}
		if cause := context.Cause(ctx); !errors.Is(cause, context.DeadlineExceeded) {
			return "", cause
		}
		return "", fmt.Errorf("%w after %s", errCloudInitRuns, time.Since(start).Round(time.Second))
	}
}

// cloudInitEnded asks cloud-init. Before 17.1 it does not know the question; its
// files, and the unit that runs last, answer then. They also tell whether an error
// was the end: "status: error" may be said of one that still runs.
func (m *Machine) cloudInitEnded(ctx context.Context) (ended bool, note string, err error) {
	if cleaned, err := m.cloudInitCleaned(); cleaned || err != nil {
		return cleaned, "", err
	}
	answer, done := context.WithTimeout(ctx, cloudInitAnswer)
	defer done()
	out, err := m.Exec.Run(answer, host.Command{Name: cloudInitProgram, Args: []string{"status"}})
	if err != nil && !errors.Is(err, host.ErrTimeout) {
		return false, "", fmt.Errorf("asking cloud-init: %w", err)
	}
	switch word := cloudInitWord(out.Stdout); {
	case word == "disabled":
		return true, "", nil
	case word == "done" && out.ExitCode == 2, word == "degraded", word == "degraded done":
		return true, "cloud-init finished with warnings (cloud-init status --long)", nil
	case word == "done":
		return true, "", nil
	case strings.HasSuffix(word, "running"):
		return false, "", nil
	}
	return m.cloudInitFiles(ctx)
}

// cloudInitCleaned reports whether cloud-init has finished since the boot and its state
// was removed then, as by a clean before this one: the link to its result is made at
// its end, and leads to nothing. Asked in that state, it says that it has not finished.
func (m *Machine) cloudInitCleaned() (bool, error) {
	if made, err := m.exists(cloudInitResult); !made || err != nil {
		return false, err
	}
	_, err := m.Root.Stat(cloudInitResult)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return false, err
}

// cloudInitFiles judges by what cloud-init leaves: a mark that it is disabled, a result
// at its end, or a mark of its end that may be of an earlier boot.
func (m *Machine) cloudInitFiles(ctx context.Context) (ended bool, note string, err error) {
	off, err := m.exists(cloudInitOff)
	if err != nil || off {
		return off, "", err
	}
	data, err := m.Root.ReadFile(cloudInitResult, metadataLimit)
	switch {
	case err == nil:
		return true, resultNote(data), nil
	case !errors.Is(err, fs.ErrNotExist):
		return false, "", err
	}
	uptime, err := m.Facts.Uptime(ctx)
	if err != nil {
		return false, "", err
	}
	info, err := m.Root.Stat(cloudInitFinished)
	switch {
	case err == nil && info.ModTime().After(m.Now().Add(-uptime)):
		return true, "", nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return false, "", err
	}
	return m.cloudInitUnit(ctx, uptime)
}

// cloudInitUnit judges where nothing says that cloud-init has finished: it may have
// broken off, or not have begun since the boot and never will.
func (m *Machine) cloudInitUnit(ctx context.Context, uptime time.Duration) (ended bool, note string, err error) {
	last, err := m.Units.State(ctx, cloudInitLast)
	if err != nil {
		return false, "", err
	}
	begun, err := m.exists(cloudInitAtWork)
	switch {
	case err != nil:
		return false, "", err
	case last.Activity == host.Failed:
		return true, "cloud-init broke off: " + cloudInitLast + " has failed", nil
	case !begun && last.Activity == host.Inactive && uptime > cloudInitBegins:
		return true, "cloud-init has not run since the boot", nil
	}
	return false, "", nil
}

var cloudInitStatus = regexp.MustCompile(`(?m)^status: ([a-z ]+?)[ \t\r]*$`)

// cloudInitWord returns the word that "cloud-init status" has for its state, empty
// where it says none. The exit code alone tells nothing: 2 means degraded, and of a
// version that does not know the command, wrong usage.
func cloudInitWord(stdout []byte) string {
	if found := cloudInitStatus.FindSubmatch(stdout); found != nil {
		return string(found[1])
	}
	return ""
}

// resultNote says that a result has errors, and not which: they may quote user data.
func resultNote(data []byte) string {
	var result struct {
		V1 struct {
			Errors []any `json:"errors"`
		} `json:"v1"`
	}
	if err := json.Unmarshal(data, &result); err != nil {
		return "cloud-init finished, and its result cannot be read"
	}
	if n := len(result.V1.Errors); n > 0 {
		return fmt.Sprintf("cloud-init finished with errors (%d, see cloud-init status --long)", n)
	}
	return ""
}
