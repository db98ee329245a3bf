package host

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRecovery(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	open := func() *Recovery {
		r, err := OpenRecovery(dir)
		require.NoError(t, err)
		return r
	}
	rsyslog, cron := Debt{Kind: DebtUnit, What: "rsyslog.service"}, Debt{Kind: DebtUnit, What: "cron.service"}
	r := open()
	assert.Empty(t, r.Debts())
	assert.NoDirExists(t, dir, "nothing is owed")
	require.NoError(t, r.Owe(rsyslog))
	require.NoError(t, r.Owe(cron))
	require.NoError(t, r.Owe(rsyslog), "noted already")
	assert.Equal(t, []Debt{cron, rsyslog}, open().Debts(), "the next run knows, the newest first")
	require.NoError(t, r.Settle(cron))
	assert.Equal(t, []Debt{rsyslog}, open().Debts())

	put(t, filepath.Join(dir, ".recovery.json.12"), "half writ") // by a kill
	require.NoError(t, r.Settle(rsyslog))
	assert.NoDirExists(t, dir, "nothing of ours is left")
	require.NoError(t, r.Owe(cron))
	require.NoError(t, r.Forget())
	assert.NoDirExists(t, dir)
}

func TestRecoveryThatCannotBeTrusted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	require.NoError(t, os.Mkdir(dir, 0o700))
	put(t, filepath.Join(dir, "recovery.json"), `[{"kind":"unit","wha`)
	_, err := OpenRecovery(dir)
	require.ErrorContains(t, err, filepath.Join(dir, "recovery.json"))
	require.NoError(t, os.Chmod(dir, 0o777))
	_, err = OpenRecovery(dir)
	require.ErrorIs(t, err, ErrNotOurs)
	link(t, t.TempDir(), dir+"2")
	_, err = OpenRecovery(dir + "2")
	require.ErrorIs(t, err, ErrNotOurs)
}
