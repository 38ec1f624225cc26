package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"

	"ann2snn/internal/escape"
)

// linesEvery is how often a line tells of long work where there is no terminal.
const linesEvery = 10 * time.Second

// withProgress runs work and shows how far it has come. work calls its argument, which may be nil,
// any number of times, but not concurrently.
func (a *app) withProgress(what string, work func(progress func(done, total int)) error) error {
	return a.showProgress(what, func(progress func(stage string, done, total int)) error {
		if progress == nil {
			return work(nil)
		}
		return work(func(done, total int) { progress(what, done, total) })
	})
}

// showProgress is withProgress for work of several stages, of which the first is named: bars on
// standard error where that is a terminal, else a line every ten seconds, both with the time left.
func (a *app) showProgress(first string, work func(progress func(stage string, done, total int)) error) error {
	switch {
	case a.quiet:
		return work(nil)
	case isTerminal(a.stderr):
		b := newBars(a.stderr, first)
		err := work(b.progress)
		b.stop(err)
		return err
	}
	l := &lines{stage: first, since: time.Now()}
	stop := l.start(a)
	defer stop()
	return work(l.progress)
}

// bars are progress bars, one for each stage.
type bars struct {
	writer  progress.Writer
	bar     *progress.Tracker
	stopped chan struct{}
}

func newBars(w io.Writer, first string) *bars {
	b := &bars{writer: progress.NewWriter(), stopped: make(chan struct{})}
	b.writer.SetOutputWriter(w)
	b.writer.SetUpdateFrequency(100 * time.Millisecond)
	b.writer.SetTrackerLength(30)
	b.writer.SetMessageLength(36) // so that bars stand below each other
	b.writer.Style().Visibility.ETA = true
	b.begin(first)
	go func() {
		defer close(b.stopped)
		b.writer.Render()
	}()
	return b
}

func (b *bars) begin(stage string) {
	b.bar = &progress.Tracker{Message: stage}
	b.writer.AppendTracker(b.bar)
}

func (b *bars) progress(stage string, done, total int) {
	if stage != b.bar.Message {
		b.bar.MarkAsDone()
		b.begin(stage)
	}
	b.bar.UpdateTotal(int64(total))
	b.bar.SetValue(int64(done))
}

func (b *bars) stop(err error) {
	if err != nil {
		b.bar.MarkAsErrored()
	} else {
		b.bar.MarkAsDone()
	}
	b.writer.Stop()
	<-b.stopped
}

// lines tell of work where there is no terminal.
type lines struct {
	mu          sync.Mutex
	stage       string
	since       time.Time // when the stage began
	done, total int
}

func (l *lines) progress(stage string, done, total int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if stage != l.stage {
		l.stage, l.since = stage, time.Now()
	}
	l.done, l.total = done, total
}

// start writes lines until the function that it returns is called.
func (l *lines) start(a *app) (stop func()) {
	ticker, end, ended := time.NewTicker(linesEvery), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ticker.C:
				a.note("%s", l)
			case <-end:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(end)
		<-ended
	}
}

// String says how far a stage has come, and how long it will take if it goes on like that.
func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	passed := time.Since(l.since)
	if l.done == 0 {
		return fmt.Sprintf("%s: %v so far", escape.Terminal(l.stage), passed.Round(time.Second))
	}
	left := time.Duration(float64(passed) * float64(l.total-l.done) / float64(l.done))
	return fmt.Sprintf("%s: %d of %d, about %v left", escape.Terminal(l.stage), l.done, l.total, left.Round(time.Second))
}
