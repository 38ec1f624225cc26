package main

import (
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
)

// withProgress runs work under a progress bar on standard error, where that is a
// terminal. work calls its argument any number of times, but not concurrently.
func (a *app) withProgress(what string, work func(progress func(done, total int)) error) error {
	if a.quiet || !isTerminal(a.stderr) {
		return work(nil)
	}
	bar := &progress.Tracker{Message: what}
	w := progress.NewWriter()
	w.SetOutputWriter(a.stderr)
	w.SetUpdateFrequency(100 * time.Millisecond)
	w.SetTrackerLength(30)
	w.Style().Visibility.ETA = true
	w.AppendTracker(bar)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		w.Render()
	}()
	err := work(func(done, total int) {
		bar.UpdateTotal(int64(total))
		bar.SetValue(int64(done))
	})
	if err != nil {
		bar.MarkAsErrored()
	} else {
		bar.MarkAsDone()
	}
	w.Stop()
	<-stopped
	return err
}
