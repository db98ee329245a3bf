package cli

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"imgcheck/check"
	"imgcheck/internal/config"
	"imgcheck/internal/host"
	"imgcheck/report"
)

// configure reads the config file, adds the plugins that it or --plugins names, and
// changes the rules as the file has it. Whatever is wrong with the file is said before
// anything runs.
func (p *process) configure(f *commonFlags) error {
	f.file = &config.File{}
	if f.config == "" {
		return p.addPlugins(f.plugins, f.root)
	}
	file, err := p.readConfig(f.config)
	if err != nil {
		return err
	}
	if err := p.pluginsFor(f, file); err != nil {
		return err
	}
	if err := p.unknownIDs(file).Or(); err != nil {
		return p.sayMistakes(err)
	}
	f.file = file
	catalogue, policy := p.checks, policyOf(file)
	p.checks = func() []*check.Check { return policy.Over(catalogue()) }
	return nil
}

// readConfig reads a config file. Its mistakes have been said when it fails by them.
func (p *process) readConfig(name string) (*config.File, error) {
	data, err := host.ReadOwned(name, config.Bound, caller(p.env))
	if open := (host.Untrusted{}); errors.As(err, &open) {
		return nil, hinted{
			fmt.Errorf("--config: refused, as others could change what is let pass: %w", open),
			"Let only its owner write it: 'chmod go-w FILE'. Run as root, the same goes for the folders\n" +
				"above it, and all must belong to root or to whoever called sudo.",
		}
	}
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	file, err := config.Parse(report.Display(name), data)
	if err != nil {
		return nil, p.sayMistakes(err)
	}
	return file, nil
}

// caller is the user who has called sudo, root where nobody has.
func caller(env map[string]string) int {
	id, err := strconv.ParseUint(env["SUDO_UID"], 10, 31)
	if err != nil {
		return 0
	}
	return int(id)
}

// mostMistakes is how many mistakes are shown: another kind of file has one a line.
const mostMistakes = 20

// sayMistakes says each mistake of a config file.
func (p *process) sayMistakes(err error) error {
	var mistakes config.Mistakes
	if !errors.As(err, &mistakes) {
		return err
	}
	for i, m := range mistakes {
		if i == mostMistakes {
			p.say(fmt.Sprintf("and %d more mistakes", len(mistakes)-i))
			break
		}
		p.say(m)
	}
	return exitCode(exitRefused)
}

// pluginsFor adds the plugins of --plugins, else of the folder that the file names, which
// is relative to its own.
func (p *process) pluginsFor(f *commonFlags, file *config.File) error {
	if f.plugins != "" || file.Plugins.Text == "" {
		return p.addPlugins(f.plugins, f.root)
	}
	dir := file.Plugins.Text
	if !filepath.IsAbs(dir) {
		// Not cleaned: what ".." leads to is known where links are followed.
		dir = f.config[:strings.LastIndexByte(f.config, '/')+1] + dir
	}
	return p.pluginsOf(dir, f.root, fmt.Sprintf("%s:%d: plugins", file.Name, file.Plugins.Line))
}

// unknownIDs returns where the file names a check or a step that there is not.
func (p *process) unknownIDs(file *config.File) config.Mistakes {
	ids, steps := catalogued{what: "check", list: "list"}, catalogued{what: "cleaning step", list: "list steps"}
	for _, c := range p.checks() {
		ids.known = append(ids.known, c.ID)
	}
	for _, s := range p.steps() {
		steps.known = append(steps.known, s.ID)
	}
	patterns := ids
	for _, c := range p.checks() {
		patterns.known = append(patterns.known, c.Category+"/*")
	}
	mistakes := append(patterns.lacks(file.Name, file.Skip), steps.lacks(file.Name, file.Clean.Skip)...)
	for _, w := range file.Waivers {
		mistakes = append(mistakes, ids.lacks(file.Name, []config.Name{w.Check})...)
	}
	mistakes = append(mistakes, steps.lacks(file.Name, file.Clean.Also)...)
	return append(mistakes, contradictions(file)...)
}

// catalogued are the ids that can be named, of what, and the command that lists them.
type catalogued struct {
	known      []string
	what, list string
}

// lacks returns the names of a file that are none of the ids.
func (c *catalogued) lacks(file string, names []config.Name) config.Mistakes {
	var mistakes config.Mistakes
	for _, n := range names {
		if slices.Contains(c.known, n.Text) {
			continue
		}
		otherwise := "'imgcheck " + c.list + "' has the ids"
		if strings.HasPrefix(n.Text, "x-") {
			otherwise = "it is that of a plugin, so name its folder with plugins: or --plugins"
		}
		mistakes = append(mistakes, config.Mistake{File: file, Line: n.Line, Reason: "no " + c.what + " has " +
			config.Quoted("the id", n.Text) + ": " + config.Instead(n.Text, c.known, otherwise)})
	}
	return mistakes
}

// contradictions returns where the file asks for what it also forbids.
func contradictions(file *config.File) config.Mistakes {
	for _, also := range file.Clean.Also {
		if also.Text == stepUserPasswords && len(file.Accounts.Allow) > 0 {
			return config.Mistakes{{File: file.Name, Line: also.Line, Reason: fmt.Sprintf(
				"the step %s takes the passwords that accounts.allow lets be: take one out", also.Text)}}
		}
	}
	return nil
}

// policyOf is what the file changes of the rules.
func policyOf(file *config.File) check.Policy {
	usual := check.Usual()
	return check.Policy{
		LogBytes:     cmp.Or(file.Limits.LogBytes, usual.LogBytes),
		HistoryBytes: cmp.Or(file.Limits.HistoryBytes, usual.HistoryBytes),
		DiskGiB:      cmp.Or(file.Limits.DiskGiB, usual.DiskGiB),
		Passwords:    config.Texts(file.Accounts.Allow),
	}
}
