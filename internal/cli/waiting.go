package cli

import (
	"fmt"
	"sync"
	"time"

	"imgcheck/check"
)

// Between two signs of life while a check is waited for: on a terminal, and in a
// log, where every one is a line.
const (
	terminalBeat = 200 * time.Millisecond
	logBeat      = 10 * time.Second
)

// waiting tells on standard error which check is being waited for.
type waiting struct {
	p     *process
	width int
	stop  chan struct{}
	ended chan struct{}

	mu    sync.Mutex
	id    string
	since time.Time
	drawn bool
}

func newWaiting(p *process) *waiting {
	w := &waiting{p: p, width: terminalWidth(p.stderr), stop: make(chan struct{}), ended: make(chan struct{})}
	beat := logBeat
	if w.width > 0 {
		beat = terminalBeat
	}
	go w.tick(beat)
	return w
}

// on names the check that is next in turn.
func (w *waiting) on(checks []*check.Check, i int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.id, w.since = "", time.Now()
	if i < len(checks) {
		w.id = checks[i].ID
	}
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
	if w.id == "" {
		return
	}
	line := fmt.Sprintf("imgcheck: waiting for %s (%s)", w.id, time.Since(w.since).Round(time.Second))
	if w.width == 0 {
		fmt.Fprintln(w.p.stderr, line)
		return
	}
	fmt.Fprintf(w.p.stderr, "\r\x1b[K%s", line[:min(len(line), w.width-1)])
	w.drawn = true
}

// clear takes the line off the terminal, so that a result can be written.
func (w *waiting) clear() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.id = ""
	if w.drawn {
		fmt.Fprint(w.p.stderr, "\r\x1b[K")
		w.drawn = false
	}
}

func (w *waiting) done() {
	close(w.stop)
	<-w.ended
	w.clear()
}
