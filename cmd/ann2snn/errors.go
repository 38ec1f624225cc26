package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"ann2snn/internal/dataset"
	"ann2snn/internal/escape"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
	exitMissed  = 3
)

// usageError is a mistake in the command line.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// missedBoundError says that a result misses the bound that the user asked for.
type missedBoundError struct{ error }

func (e missedBoundError) Unwrap() error { return e.error }

// hinted is an error with a way out.
type hinted struct {
	err  error
	hint string
}

func (e *hinted) Error() string { return e.err.Error() }
func (e *hinted) Unwrap() error { return e.err }

// hintf adds a way out to err.
func hintf(err error, format string, args ...any) error {
	return &hinted{err, fmt.Sprintf(format, args...)}
}

// internalError is a recovered panic.
type internalError struct {
	value any
	stack []byte
}

func (e *internalError) Error() string {
	return fmt.Sprintf("this is a bug in ann2snn, please report it with the lines below: %v\n\n%s", e.value, e.stack)
}

// fail prints err and returns the exit code for it.
func (a *app) fail(err error) int {
	err = byFlag(err)
	var e *interrupted
	if errors.As(err, &e) {
		fmt.Fprintln(a.stderr, "error: interrupted")
		return e.code()
	}
	printError(a.stderr, err)
	var usage *usageError
	if errors.As(err, &usage) {
		return exitUsage
	}
	if errors.As(err, new(missedBoundError)) {
		return exitMissed
	}
	return exitFailure
}

// printError takes the way out from a hinted error, or else from the end of the text,
// where libraries put it as "(try ...)".
func printError(w io.Writer, err error) {
	text, hint := inWords(err.Error()), ""
	var h *hinted
	if errors.As(err, &h) {
		hint = h.hint
	} else if i := strings.LastIndex(text, " (try "); i >= 0 && strings.HasSuffix(text, ")") {
		text, hint = text[:i], inFlags.Replace(text[i+2:len(text)-1])
	} else if errors.As(err, new(*dataset.BadSampleError)) {
		hint = "--skip-bad leaves out samples that cannot be read"
	}
	fmt.Fprintln(w, "error: "+escape.Lines(text))
	if hint != "" {
		fmt.Fprintln(w, "hint: "+escape.Lines(hint))
	}
}
