package distro

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"imgcheck/internal/host"
)

const (
	sshPackage = "openssh-server"
	sshProgram = "sshd"
	// sshForbidden keeps Debian's ssh.service from starting while it exists.
	sshForbidden = "/etc/ssh/sshd_not_to_be_run"
)

// sshUnits are the units that start the server: Debian's names and Red Hat's. One
// may be another's alias.
var sshUnits = [...]string{"ssh.service", "sshd.service", "ssh.socket", "sshd.socket"}

// SSHServer is whether a machine has an SSH server and what starts it.
type SSHServer struct {
	// Packaged: the package database knows it. Program is the path of sshd, empty
	// where there is none; it stands in for a database that cannot be read.
	Packaged bool
	Program  string
	// Unit is the unit that starts it at boot, empty where none does.
	Unit string
	// UnitErr is why nobody knows what starts it, where Unit is empty.
	UnitErr error
	// Masked are the units that cannot start it, sorted as they are looked for.
	Masked []string
	// Forbidden is the file that keeps it from starting, empty where there is none.
	Forbidden string
}

// SSHServer looks for the server in the package database, on disk and among the
// units. Where the database cannot be read the program is the evidence; that it has
// no reader here is no error, anything else is one beside what could be found.
func (m *Machine) SSHServer(ctx context.Context) (SSHServer, error) {
	var s SSHServer
	var problems [3]error
	s.Program, problems[0] = m.Program(sshProgram)
	_, s.Packaged, problems[1] = m.Package(ctx, sshPackage)
	if problems[1] != nil {
		s.Packaged = s.Program != ""
	}
	if errors.Is(problems[1], ErrNoReader) || errors.Is(problems[1], ErrNoManager) {
		problems[1] = nil
	}
	problems[2] = s.findUnit(ctx, m)
	s.UnitErr = problems[2]
	if err := errors.Join(problems[:]...); err != nil {
		return s, fmt.Errorf("looking for the SSH server: %w", err)
	}
	return s, nil
}

func (s *SSHServer) findUnit(ctx context.Context, m *Machine) error {
	states := map[string]host.UnitState{}
	for _, unit := range sshUnits {
		state, err := m.Units.State(ctx, unit)
		if err != nil {
			return err
		}
		states[unit] = state
		if state.Masked {
			s.Masked = append(s.Masked, unit)
		}
		// A socket starts the service of its name, which must be able to start.
		service := strings.Replace(unit, ".socket", ".service", 1)
		if s.Unit == "" && state.Enabled && !state.Masked && !states[service].Masked {
			s.Unit = unit
		}
	}
	if m.Family != FamilyDeb {
		return nil
	}
	forbidden, err := m.exists(sshForbidden)
	if forbidden {
		s.Forbidden = sshForbidden
	}
	return err
}
