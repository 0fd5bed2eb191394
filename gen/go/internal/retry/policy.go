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

// Do calls until a call succeeds, fails for good, or may not be repeated any more; it answers what Pause answers then.
func (p Policy) Do(ctx context.Context, passing func(error) bool, call func() error) error {
	for tried := 1; ; tried++ {
		err := call()
		if err == nil || !passing(err) {
			return err
		}
		if err := p.Pause(ctx, tried, err); err != nil {
			return err
		}
	}
}

// Pause waits before the next attempt, after so many, the last of which failed. Where there is to be none it answers why: that
// failure, where attempts are used up or the deadline would pass meanwhile, or the context's error, where that has ended.
func (p Policy) Pause(ctx context.Context, tried int, failure error) error {
	if tried >= p.Attempts {
		return failure
	}
	longest := min(firstPause<<min(tried-1, 10), mostPause)
	pause := longest/2 + rand.N(longest/2)
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= pause {
		return failure
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
