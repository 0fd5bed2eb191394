package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// storm begins many searches and leaves each after its first result.
func storm(told plan) {
	s := must(newScene(told, told.Storm.run))
	defer s.close()
	writeNotes(s)
	var begun, answered atomic.Int64
	var fault atomic.Value
	var all sync.WaitGroup
	for range told.Storm.AtOnce {
		all.Go(func() {
			for begun.Add(1) <= int64(told.Storm.Count) {
				if err := leaveEarly(s); err != nil {
					fault.Store(err.Error())
					continue
				}
				answered.Add(1)
			}
		})
	}
	all.Wait()
	want(fmt.Sprintf("first results (%v)", fault.Load()), answered.Load(), int64(told.Storm.Count))
}

func leaveEarly(s *scene) error {
	_, ctx := s.id("pace", 5)
	stream, err := s.Search(ctx, harbour())
	if err != nil {
		return err
	}
	for _, err := range stream.Results() {
		return err
	}
	return fmt.Errorf("no result came")
}
