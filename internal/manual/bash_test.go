package manual

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCommasStayCommas: in bash a list is completed only where they are not quoted.
func TestCommasStayCommas(t *testing.T) {
	for _, descriptions := range []bool{true, false} {
		var script strings.Builder
		require.NoError(t, writeBash(&cobra.Command{Use: "tool"}, &script, descriptions))
		for _, word := range []string{"comp", "COMPREPLY[0]"} {
			assert.Contains(t, strings.Split(strings.ReplaceAll(script.String(), " ", ""), "\n"), word+`=${`+word+`//\\,/,}`)
		}
		assert.Equal(t, 3, strings.Count(script.String(), `//\\,/,}`))
	}
}
