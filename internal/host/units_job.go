package host

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"syscall"
	"time"

	"github.com/coreos/go-systemd/v22/dbus"
	godbus "github.com/godbus/dbus/v5"
)

const (
	// jobLimit is more than the 90 seconds after which systemd kills what does not stop.
	jobLimit = 2 * time.Minute
	unitPoll = 100 * time.Millisecond
)

// Names of systemd's errors (src/libsystemd/sd-bus/bus-common-errors.h).
const (
	errorNoUnit = "org.freedesktop.systemd1.NoSuchUnit"
	// errorRefused: the unit has RefuseManualStop=, as auditd has on Red Hat's systems.
	errorRefused = "org.freedesktop.systemd1.OnlyByDependency"
)

// Stop asks systemd to stop the unit. A unit that may not be stopped by hand gets the
// SIGTERM that "service auditd stop" sends it.
func (b busUnits) Stop(ctx context.Context, unit string) error {
	return b.change(ctx, "stopping", unit, func(ctx context.Context, conn *dbus.Conn) error {
		ended := []string{"inactive", "failed"}
		err := job(ctx, conn, unit, (*dbus.Conn).StopUnitContext, ended)
		if !isBusError(err, errorRefused) {
			return err
		}
		if err := conn.KillUnitWithTarget(ctx, unit, dbus.Main, int32(syscall.SIGTERM)); err != nil {
			return err
		}
		return awaitState(ctx, conn, unit, ended)
	})
}

// Start asks systemd to start the unit.
func (b busUnits) Start(ctx context.Context, unit string) error {
	return b.change(ctx, "starting", unit, func(ctx context.Context, conn *dbus.Conn) error {
		err := job(ctx, conn, unit, (*dbus.Conn).StartUnitContext, []string{"active", "reloading", "refreshing"})
		if err != nil && unitProperty(ctx, conn, unit, "LoadState") == "not-found" {
			return ErrNoUnit // systemd before 230 has no error of its own for it
		}
		return err
	})
}

// change makes one change to a unit, bounded in time.
func (b busUnits) change(ctx context.Context, doing, unit string, do func(context.Context, *dbus.Conn) error) error {
	ctx, done := context.WithTimeoutCause(ctx, jobLimit, ErrSlowUnit)
	defer done()
	conn, err := b.connect(ctx)
	if err == nil {
		defer conn.Close()
		err = do(ctx, conn)
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil: // it closes the connection, and may be heard of that way only
		err = context.Cause(ctx)
	case isBusError(err, errorNoUnit):
		err = ErrNoUnit
	}
	return fmt.Errorf("%s %s: %w", doing, unit, err)
}

// job has systemd do a job and waits for its end. Where another job has replaced it,
// the unit may be in a state that is wanted all the same.
func job(ctx context.Context, conn *dbus.Conn, unit string,
	ask func(*dbus.Conn, context.Context, string, string, chan<- string) (int, error), wanted []string,
) error {
	result := make(chan string, 1)
	if _, err := ask(conn, ctx, unit, "replace", result); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case said := <-result:
		if said == "done" || slices.Contains(wanted, unitProperty(ctx, conn, unit, "ActiveState")) {
			return nil
		}
		return fmt.Errorf("systemd says %q", said)
	}
}

// awaitState waits until the unit is in one of the states.
func awaitState(ctx context.Context, conn *dbus.Conn, unit string, wanted []string) error {
	ticker := time.NewTicker(unitPoll)
	defer ticker.Stop()
	for !slices.Contains(wanted, unitProperty(ctx, conn, unit, "ActiveState")) {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ticker.C:
		}
	}
	return nil
}

// unitProperty returns a word that systemd has for a unit, empty where it has none.
func unitProperty(ctx context.Context, conn *dbus.Conn, unit, name string) string {
	property, err := conn.GetUnitPropertyContext(ctx, unit, name)
	if err != nil {
		return ""
	}
	word, _ := property.Value.Value().(string)
	return word
}

func isBusError(err error, name string) bool {
	var said godbus.Error
	return errors.As(err, &said) && said.Name == name
}
