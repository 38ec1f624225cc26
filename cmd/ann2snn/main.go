// Command ann2snn turns trained ONNX networks into multi-bit spiking networks, compares
// the two and runs the result.
//
// # What scripts can rely on
//
// Results go to standard output, everything else (progress, warnings, what was written)
// to standard error. With --json the result is one JSON document whose fields are never
// renamed. -q drops everything on standard error but warnings and errors. Progress bars
// appear only where standard error is a terminal, colours only where standard output is
// one and NO_COLOR is not set.
//
// An existing file is never overwritten without -f. Files are written beside their
// final name and renamed when complete: no interruption leaves half a file behind that
// name.
//
// Errors are a line "error: ..." and, where there is a way out, a line "hint: ...".
//
// SIGINT and SIGTERM end the program within about two seconds, whatever it does, and no
// temporary file stays. What SIGKILL leaves, a hidden file .NAME.xxxxxxxx.tmp, the next run
// with the same output removes.
//
// Exit codes: 0 success; 1 failure; 2 wrong usage; 3 a quality bound that was asked for was
// missed; 130 and 143 interruption by SIGINT and SIGTERM.
//
// The same inputs give the same output, byte for byte, whatever the number of threads;
// only measured times differ. What convert writes depends on the machine in two ways: with
// ANN2SNN_KERNEL=go products of real numbers are rounded once more, and arm64 rounds
// some sums otherwise. Networks answer the same everywhere.
//
// # What a new command has to keep to
//
//   - It refuses wrong flags (usagef) and files that it may not write (checkOutputs) before
//     it begins to work.
//   - It prints its result once, by package report: JSON with --json, else text.
//   - It says everything else by app.note, or by app.warn what must not be overlooked;
//     app.withProgress shows how far long work has come.
//   - It writes files by writeFile, results of a command that failed never.
//   - An error says what is wrong in the user's words, and hintf adds what to do about it.
//     Libraries put that at the end of their text as "(try ...)".
//   - Text out of files passes package escape before it reaches a terminal or a page.
package main

import (
	"context"
	"io"
	"os"
	"runtime/debug"
)

// garbage is how many percent of the memory in use the garbage may come to before it is
// collected. What takes memory are large arrays without pointers: collecting is cheap.
const garbage = 15

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program; it returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := interruptible(grace, stderr, os.Exit)
	defer stop()
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1)) // see withBudget
	return newApp(stdin, stdout, stderr).run(ctx, args)
}

// run is the program in a context whose end ends the work.
func (a *app) run(ctx context.Context, args []string) (code int) {
	defer func() {
		if bug := recover(); bug != nil {
			code = a.fail(&internalError{bug, debug.Stack()})
		}
	}()
	a.args = args
	cmd := a.command()
	cmd.SetArgs(args)
	if err := cmd.ExecuteContext(ctx); err != nil {
		if e := interruption(ctx); e != nil {
			err = e
		}
		return a.fail(err)
	}
	if a.help.err != nil {
		return a.fail(a.help.err)
	}
	return exitOK
}
