// Package retry decides which calls may be repeated, and when.
package retry

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	firstPause = 100 * time.Millisecond
	mostPause  = 2 * time.Second
)

// Policy says how often a call may be tried in all; 0 and 1 both mean once.
type Policy struct{ Attempts int }

// Do calls until a call succeeds, fails for good, or may not be repeated any more; it answers the last failure.
func (p Policy) Do(ctx context.Context, passing func(error) bool, call func() error) error {
	for tried := 1; ; tried++ {
		err := call()
		if err == nil || !passing(err) || !p.Pause(ctx, tried) {
			return err
		}
	}
}

// Pause waits before the next attempt, after so many; false where there is to be none: they are used up, or the caller's deadline
// would pass or its context end meanwhile.
func (p Policy) Pause(ctx context.Context, tried int) bool {
	if tried >= p.Attempts {
		return false
	}
	longest := min(firstPause<<min(tried-1, 10), mostPause)
	pause := longest/2 + rand.N(longest/2)
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= pause {
		return false
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
