package cli

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestWaiting: in a log every sign of life is a line; on a terminal it is one line that
// fits and is drawn anew.
func TestWaiting(t *testing.T) {
	var out bytes.Buffer
	w := &waiting{p: &process{stderr: &out}}
	w.draw()
	assert.Empty(t, out.String(), "nothing is waited for")

	w.on("upgrade", 0, 0)
	w.since = time.Now().Add(-61 * time.Second)
	w.draw()
	w.on("overwriting the free space of /a\nb", 3<<29, 6<<29)
	w.draw()
	w.on("overwriting the free space of /a\nb", 7<<29, 6<<29)
	w.draw()
	assert.Equal(t, "imgcheck: upgrade (1m1s)\n"+
		`imgcheck: overwriting the free space of /a\x0ab: 50% of 3.0 GiB (0s)`+"\n"+
		`imgcheck: overwriting the free space of /a\x0ab: 100% of 3.0 GiB (0s)`+"\n", out.String())

	out.Reset()
	w.width = 60
	w.on("filling", 1, 4)
	w.draw()
	assert.Equal(t, "\r\x1b[Kimgcheck: filling: 25% of 4 bytes [#####---------------] (0s"[:4+59], out.String())
	out.Reset()
	w.clear()
	w.draw()
	assert.Equal(t, "\r\x1b[K", out.String())
}
