package host

import (
	"sync"
	"sync/atomic"
)

// workers is how many calls of the kernel that have to do with files are made at once.
const workers = 4

// parallel calls do for every number below n, a few at once, and returns when all have
// ended.
func parallel(n int, do func(i int)) {
	var next atomic.Int64
	var running sync.WaitGroup
	for range min(workers, n) {
		running.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	running.Wait()
}
