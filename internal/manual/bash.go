package manual

import (
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

// quotes are the lines of cobra's script for bash that quote a word for the shell.
var quotes = regexp.MustCompile(`(?m)^( *)(?:printf -v (comp) "%q"|(COMPREPLY\[0\])=\$\(printf "%q").*$`)

// writeBash writes the completion of bash. Bash quotes commas, which need no quotes, so
// that cobra's own script finds no word that goes on from a list.
func writeBash(root *cobra.Command, w io.Writer, descriptions bool) error {
	var script strings.Builder
	if err := root.GenBashCompletionV2(&script, descriptions); err != nil {
		return err
	}
	_, err := io.WriteString(w, quotes.ReplaceAllString(script.String(), "$0\n$1$2$3=$${$2$3//\\\\,/,}"))
	return err
}
