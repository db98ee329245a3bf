package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"imgcheck/check"
	"imgcheck/internal/host"
)

func addPluginsFlag(flags *pflag.FlagSet, dir *string) {
	flags.StringVar(dir, "plugins", "", "also run the programs in `DIR` as checks (see docs/plugins.md)")
}

// notEmptyPlugins refuses an empty name: an unset variable in a script must not leave
// out rules.
func notEmptyPlugins(c *cobra.Command, dir string) error {
	if dir == "" && c.Flags().Changed("plugins") {
		return errors.New("--plugins is empty: give it a folder, or leave it out")
	}
	return nil
}

// addPlugins adds the plugins of the folder that --plugins names to the catalogue of
// checks, after all others.
func (p *process) addPlugins(dir, root string) error {
	if dir == "" {
		return nil
	}
	return p.pluginsOf(dir, root, "--plugins")
}

// pluginsOf adds the plugins of a folder. It refuses a folder without any: a gate that was
// to hold rules of its own holds none. Its errors begin with who named the folder.
func (p *process) pluginsOf(dir, root, by string) error {
	found, err := host.OpenPlugins(dir, root)
	if open := (host.Untrusted{}); errors.As(err, &open) {
		return hinted{
			fmt.Errorf("%s: refused, as root would run what others can change: %w", by, open),
			"Keep plugins in a folder that only root can write, such as /root/checks.d:\n" +
				"'chown -R root: DIR && chmod -R go-w DIR', and the same of the folders above it.",
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", by, err)
	}
	if len(found) == 0 {
		return fmt.Errorf("%s: there is no plugin in %q", by, dir)
	}
	plugins, err := check.Plugins(found)
	if err != nil {
		return fmt.Errorf("%s: %w", by, err)
	}
	for _, plugin := range found {
		p.pluginFiles = append(p.pluginFiles, plugin.File)
	}
	catalogue := p.checks
	p.checks = func() []*check.Check { return append(catalogue(), plugins...) }
	return nil
}

// splitPlugins parts the catalogue's checks from plugins. What plugins find no step
// mends, so that they are asked once, at the end.
func splitPlugins(all []*check.Check) (catalogue, plugins []*check.Check) {
	for _, c := range all {
		if c.Category == check.PluginCategory {
			plugins = append(plugins, c)
		} else {
			catalogue = append(catalogue, c)
		}
	}
	return catalogue, plugins
}
