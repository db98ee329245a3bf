package cli

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"imgcheck/fixtures"
)

// TestMain lets the scripts run this very program as "imgcheck", and over a machine
// that only seems to run as "fake".
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"imgcheck": func() {
			os.Exit(Run(context.Background(), os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
		},
		"fake": func() {
			p := &process{
				env: environment(os.Environ()), stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, world: fakeFromEnv().world(),
			}
			os.Exit(p.run(context.Background(), os.Args[1:]))
		},
	})
}

// TestScripts holds the contract of the command line: one file a subject.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("FIXTURES", fixtures.Dir(""))
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, errors.New("no such condition")
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"code": wantCode, "schema": wantSchema},
	})
}

// wantSchema is the script command "schema FILE": the file is a report as
// docs/report.schema.json has it.
func wantSchema(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: schema FILE")
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile(filepath.Join(fixtures.Dir(""), "..", "docs", "report.schema.json"))
	ts.Check(err)
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(schema.Validate(document))
}

// wantCode is the script command "code N PROGRAM ARG...": it runs the program and
// wants that exit code.
func wantCode(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if neg || err != nil {
		ts.Fatalf("usage: code N PROGRAM ARG...")
	}
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
