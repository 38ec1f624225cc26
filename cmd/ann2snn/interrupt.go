package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"ann2snn/internal/outfile"
)

// grace is how long work may take to end by itself after a signal.
const grace = 2 * time.Second

// interrupted is the cause of a context that a signal ended.
type interrupted struct{ signal os.Signal }

func (e *interrupted) Error() string { return "interrupted" }

// code is the exit code: that of a program which the signal ended, as shells count.
func (e *interrupted) code() int {
	if number, ok := e.signal.(syscall.Signal); ok {
		return 128 + int(number)
	}
	return exitFailure
}

// interruption returns what interrupted the work of a context, nil if nothing did.
func interruption(ctx context.Context) *interrupted {
	var e *interrupted
	_ = errors.As(context.Cause(ctx), &e)
	return e
}

// interruptible returns a context that the first SIGINT or SIGTERM ends. Some work asks its
// context seldom, and a library may never do: when the work is still there after some time, or
// at a second signal, the program ends by leave, and unfinished files go before. stop gives
// the signals back.
func interruptible(after time.Duration, stderr io.Writer, leave func(code int)) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals, stopped := make(chan os.Signal, 2), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		var e *interrupted
		select {
		case s := <-signals:
			e = &interrupted{s}
		case <-stopped:
			return
		}
		cancel(e)
		select {
		case <-signals:
		case <-time.After(after):
		case <-stopped:
			return
		}
		outfile.Abandon()
		fmt.Fprintln(stderr, "error: interrupted")
		leave(e.code())
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(stopped)
		cancel(nil)
	}
}
