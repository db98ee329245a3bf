package submit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// What is read of a file at most, in bytes. A report of the dirtiest machine has far
// less, a manifest that holds years of builds too.
const (
	largestManifest = 16 << 20
	largestReport   = 64 << 20
)

// readFile reads a regular file whole. Something else, such as a pipe that nobody
// writes to, is refused before it is opened.
func readFile(what, name string, largest int64) ([]byte, error) {
	if name == "" {
		return nil, refuse("Run 'mp-submit --help' for the flags.", "no %s was given: --%s is missing", what, what)
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, refuse(remedyOf(what), "the %s cannot be read: %w", what, err)
	}
	if !info.Mode().IsRegular() {
		return nil, refuse("", "the %s %q is no regular file", what, name)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, refuse("", "the %s cannot be read: %w", what, err)
	}
	data, err := io.ReadAll(io.LimitReader(file, largest+1))
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, refuse("", "the %s cannot be read: %w", what, err)
	}
	if int64(len(data)) > largest {
		return nil, refuse("", "the %s %q is larger than %d MiB", what, name, largest>>20)
	}
	return data, nil
}

func remedyOf(what string) string {
	if what == "manifest" {
		return `Packer writes it where the template has: post-processor "manifest" { output = "manifest.json" }`
	}
	return "Write it on the droplet with 'imgcheck clean --yes --output json=FILE', and download it before the snapshot."
}

// decode reads one whole JSON document. It says nothing of what is in it.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	err := d.Decode(into)
	wrong := new(json.UnmarshalTypeError)
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("it is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("its end is missing")
	case errors.As(err, &wrong):
		return fmt.Errorf("its field %q has the type %s", wrong.Field, wrong.Value)
	case err != nil:
		return errors.New("it is no JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows its end")
	}
	return nil
}
