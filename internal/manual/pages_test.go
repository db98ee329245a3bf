package manual

import (
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
)

// program is one with everything that a page can have.
func program() *cobra.Command {
	run := func(*cobra.Command, []string) {}
	root := &cobra.Command{Use: "tool", Short: "Do it", Run: run, Example: "  tool sub one", Long: `Do it, don't.

Exit codes:
  0       done
  1, 130  not done

.It is "all".`}
	sub := &cobra.Command{Use: "sub [THING]", Short: "Do a part", Run: run, Example: "  tool sub 'a\\b'"}
	below := &cobra.Command{Use: "below", Short: "Do a part of it", Long: "Do a part of it.\n\nExit codes:\n  7  odd", Run: run, Example: "  tool sub below"}
	sub.Flags().StringP("way", "w", "fast", "the `WAY` to do it…")
	below.Flags().Bool("twice", false, "do it again")
	sub.AddCommand(below)
	root.AddCommand(sub)
	return root
}

func TestPages(t *testing.T) {
	pages := Pages(program(), Extras{
		Exits: []Entry{{"0", "fine"}}, Files: []Entry{{"/run/tool", "what is there"}}, SeeAlso: []string{"man(1)"},
	})
	assert.Len(t, pages, 2)
	assert.Equal(t, `.TH "TOOL" "1" "2026-12-01" "tool" "User Commands"
.nh
.ad l
.SH "NAME"
tool \- do it
.SH "SYNOPSIS"
\fBtool\fR [flags]
.br
\fBtool\fR \fICOMMAND\fR [flags]
.SH "DESCRIPTION"
Do it, don\(aqt.
.PP
\&.It is "all".
.SH "COMMANDS"
.TP
\fBtool\-sub\fR(1)
Do a part.
.SH "OPTIONS"
.TP
\fB\-h\fR, \fB\-\-help\fR
help for tool
.SH "EXIT STATUS"
.TP
\fB0\fR
done
.TP
\fB1, 130\fR
not done
.SH "FILES"
.TP
\fB/run/tool\fR
what is there
.SH "EXAMPLES"
.nf
.RS "0n"
tool sub one
.RE
.fi
.SH "SEE ALSO"
\fBtool\-sub\fR(1),
man(1)
`, pages["tool.1"])
	one := Pages(program(), Extras{OnePage: true})
	assert.Len(t, one, 1)
	assert.Contains(t, one["tool.1"], ".SS \"sub\"\n")
	assert.Contains(t, one["tool.1"], ".SS \"sub below\"\n")
	assert.NotContains(t, one["tool.1"], "(1)")
	sub := pages["tool-sub.1"]
	assert.Contains(t, sub, "tool\\-sub \\- do a part\n")
	assert.Contains(t, sub, ".SS \"sub below\"\n\\fBtool sub below\\fR [flags]\n.PP\nDo a part of it.\n.TP\n")
	assert.Contains(t, sub, "do it again\n.PP\nExit codes:\n.TP\n\\fB7\\fR\nodd\n")
	assert.Contains(t, sub, "\\fB\\-w\\fR, \\fB\\-\\-way\\fR \\fIWAY\\fR\nthe WAY to do it\\[u2026] (default fast)\n")
	assert.Contains(t, sub, "\\fB0\\fR\nfine\n")
	assert.Contains(t, sub, "tool sub \\(aqa\\eb\\(aq\ntool sub below\n")
}
