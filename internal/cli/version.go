package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"imgcheck/report"
)

// version and commit are set when the program is linked.
var version, commit = "dev", "unknown"

func tool() report.Tool { return report.Tool{Name: "imgcheck", Version: version, Commit: commit} }

func newVersion(p *process) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "version",
		Short: "Show the version of imgcheck",
		Example: `  imgcheck version
  imgcheck version --format json`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			switch format {
			case "text":
				_, err := fmt.Fprintf(p.stdout, "imgcheck %s (%s)\n", version, commit)
				return err
			case "json":
				return json.NewEncoder(p.stdout).Encode(tool())
			}
			return fmt.Errorf("--format: %w as %q: use text or json", report.ErrFormat, format)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "write it in this `FORMAT`: text or json")
	completions{"format": oneOf("text", "json")}.on(c)
	return c
}
