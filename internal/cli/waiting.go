package cli

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"imgcheck/check"
	"imgcheck/report"
)

// Between two signs of life while something is waited for: on a terminal, and in a
// log, where every one is a line.
const (
	terminalBeat = 200 * time.Millisecond
	logBeat      = 10 * time.Second
)

// waiting tells on standard error what is being waited for, and how far it is.
type waiting struct {
	p     *process
	width int
	stop  chan struct{}
	ended chan struct{}

	mu          sync.Mutex
	what        string
	since       time.Time
	done, total int64
	drawn       bool
}

func newWaiting(p *process) *waiting {
	w := &waiting{p: p, width: terminalWidth(p.stderr), stop: make(chan struct{}), ended: make(chan struct{})}
	if p.env["TERM"] == "dumb" {
		w.width = 0 // it cannot take a line back
	}
	beat := logBeat
	if w.width > 0 {
		beat = terminalBeat
	}
	go w.tick(beat)
	return w
}

// onCheck names the check that is next in turn.
func (w *waiting) onCheck(checks []*check.Check, i int) {
	if i < len(checks) {
		w.on("waiting for "+checks[i].ID, 0, 0)
		return
	}
	w.on("", 0, 0)
}

// on says what is being done and, where total is known, how many bytes of it are done.
func (w *waiting) on(what string, done, total int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if what != w.what {
		w.what, w.since = what, time.Now()
	}
	w.done, w.total = done, total
}

func (w *waiting) tick(beat time.Duration) {
	defer close(w.ended)
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-ticker.C:
			w.draw()
		}
	}
}

func (w *waiting) draw() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.what == "" {
		return
	}
	line := []rune("imgcheck: " + report.Display(w.what) + w.far(w.width > 0) + fmt.Sprintf(" (%s)", time.Since(w.since).Round(time.Second)))
	if w.width == 0 {
		fmt.Fprintln(w.p.stderr, string(line))
		return
	}
	fmt.Fprintf(w.p.stderr, "\r\x1b[K%s", string(line[:min(len(line), w.width-1)]))
	w.drawn = true
}

// far says how much is done, with a bar where there is a terminal to draw it on.
func (w *waiting) far(bar bool) string {
	if w.total <= 0 {
		return ""
	}
	const cells = 20
	done := min(max(w.done, 0), w.total)
	text := fmt.Sprintf(": %d%% of %s", int(float64(done)/float64(w.total)*100), check.BinarySize(w.total))
	if bar {
		full := int(float64(done) / float64(w.total) * cells)
		text += " [" + strings.Repeat("#", full) + strings.Repeat("-", cells-full) + "]"
	}
	return text
}

// clear takes the line off the terminal, so that a result can be written.
func (w *waiting) clear() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.what = ""
	if w.drawn {
		fmt.Fprint(w.p.stderr, "\r\x1b[K")
		w.drawn = false
	}
}

func (w *waiting) close() {
	close(w.stop)
	<-w.ended
	w.clear()
}
