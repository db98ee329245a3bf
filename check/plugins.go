package check

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

// PluginCategory is the category of all plugins.
const PluginCategory = "plugin"

// mostLines is how many lines under a plugin's summary are taken.
const mostLines = 1000

// The outcomes of a plugin by its exit code, as Nagios has them.
const (
	pluginPass = iota
	pluginWarn
	pluginFail
	pluginError
)

var (
	// pluginName is a file name that makes an id: words of small letters and digits.
	pluginName = regexp.MustCompile(`^([a-z0-9]+(?:-[a-z0-9]+)*)(?:\.[A-Za-z0-9]+)?$`)
	// placed is a line that begins with a path, and with the number of a line in it.
	placed = regexp.MustCompile(`^(/[^:]*):(?:([1-9][0-9]{0,8}):)? *(.+)$`)
	// plainValue is what os-release(5) allows in an id or a version.
	plainValue = regexp.MustCompile(`^[A-Za-z0-9._~+^-]*$`)
)

// Plugins returns a check for each plugin, in their order. A file whose name makes no
// id, and two that make the same, are errors.
func Plugins(found []host.Plugin) ([]*Check, error) {
	var checks []*Check
	named := map[string]string{}
	for _, plugin := range found {
		parts := pluginName.FindStringSubmatch(plugin.Name)
		if parts == nil {
			return nil, fmt.Errorf("the plugin %q: its name makes no id: use small letters, digits and single hyphens, and one extension", plugin.Name)
		}
		id := "x-" + parts[1]
		if other, taken := named[id]; taken {
			return nil, fmt.Errorf("the plugins %q and %q have the same id, %s: rename one", other, plugin.Name, id)
		}
		named[id] = plugin.Name
		checks = append(checks, pluginCheck(id, plugin))
	}
	return checks, nil
}

func pluginCheck(id string, plugin host.Plugin) *Check {
	return &Check{
		ID:       id,
		Category: PluginCategory,
		Title:    fmt.Sprintf("The plugin %s finds nothing wrong", plugin.Name),
		Headline: true,
		Found:    fmt.Sprintf("the plugin %s found something", plugin.Name),
		Doc: fmt.Sprintf("A rule of your own: the program %s in the folder given with --plugins, run over the machine. What it looks at, "+
			"and why, stands in it. It passes, warns, fails or cannot tell by its exit code, 0 to 3; anything else is an error.", plugin.Name),
		Remedy: fmt.Sprintf("Mend what the plugin found; %s itself says what it looks at.", plugin.Name),
		Run: func(ctx context.Context, m *distro.Machine) ([]Finding, error) {
			out, err := plugin.Run(ctx, pluginEnv(m))
			if err != nil {
				return nil, err
			}
			return judgePlugin(out, m.Root.Dir())
		},
	}
}

// pluginEnv tells a plugin where to look. A hostile tree says what it likes of itself:
// what is no plain word is not passed on.
func pluginEnv(m *distro.Machine) []string {
	live := "0"
	if m.Live {
		live = "1"
	}
	env := []string{"IMGCHECK_ROOT=" + m.Root.Dir(), "IMGCHECK_LIVE=" + live}
	for _, value := range [...]struct{ name, is string }{{"IMGCHECK_DISTRO", m.OS.ID}, {"IMGCHECK_RELEASE", m.OS.Version}} {
		if !plainValue.MatchString(value.is) {
			value.is = ""
		}
		env = append(env, value.name+"="+value.is)
	}
	return env
}

// judgePlugin reads what a plugin said. One that says nothing has most likely died of
// its own error, which shells and interpreters end with 1 or 2: that is no warning.
func judgePlugin(out host.Output, root string) ([]Finding, error) {
	lines := pluginLines(out.Stdout)
	var level Level
	switch out.ExitCode {
	case pluginPass:
		level = LevelNote
	case pluginWarn:
		level = LevelWarn
	case pluginFail:
		level = LevelFail
		if len(lines) == 0 {
			lines = []string{"it ended with exit code 2 and said nothing of why"}
		}
	case pluginError:
		return nil, pluginReasons(lines)
	default:
		return nil, fmt.Errorf("it ended with exit code %d, which means nothing (0 pass, 1 warn, 2 fail, 3 cannot tell); "+
			"run it by hand to see its standard error", out.ExitCode)
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("it ended with exit code %d and said nothing: one line of summary is wanted", out.ExitCode)
	}
	findings := []Finding{{Level: level, Message: lines[0]}}
	for _, line := range lines[1:] {
		findings = append(findings, pluginFinding(level, line, root))
	}
	return findings, nil
}

// pluginLines returns the lines that say something, the summary first, which ends where
// numbers for a monitor begin.
func pluginLines(output []byte) []string {
	var lines []string
	rest := 0
	for line := range strings.Lines(string(output)) {
		line = strings.TrimSpace(line)
		if len(lines) == 0 {
			line, _, _ = strings.Cut(line, "|")
			line = strings.TrimSpace(line)
		}
		switch {
		case line == "":
		case len(lines) > mostLines:
			rest++
		default:
			lines = append(lines, line)
		}
	}
	if rest > 0 {
		lines = append(lines, fmt.Sprintf("and %d more lines", rest))
	}
	return lines
}

// pluginReasons is why a plugin could not tell.
func pluginReasons(lines []string) error {
	if len(lines) == 0 {
		return errors.New("it could not tell, and did not say why")
	}
	var reasons []error
	for _, line := range lines {
		reasons = append(reasons, errors.New(line))
	}
	return errors.Join(reasons...)
}

// pluginFinding reads "/path: message" and "/path:12: message"; a path that begins with
// the tree's is one inside of it.
func pluginFinding(level Level, line, root string) Finding {
	parts := placed.FindStringSubmatch(line)
	if parts == nil {
		return Finding{Level: level, Message: line}
	}
	path := filepath.Clean(parts[1])
	if below, inside := strings.CutPrefix(path, strings.TrimSuffix(root, "/")+"/"); inside {
		path = "/" + below
	}
	number, err := strconv.Atoi(parts[2])
	if err != nil {
		number = 0 // there is none
	}
	return Finding{Level: level, Path: path, Line: number, Message: parts[3]}
}
