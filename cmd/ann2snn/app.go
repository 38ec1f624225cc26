package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"ann2snn/internal/environment"
	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
	"ann2snn/internal/par"
	"ann2snn/internal/report"
	"ann2snn/runtime"
)

// app is one run of the program: its streams and the flags that all commands share.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	args   []string // after the program's name, for reports

	json    bool
	quiet   bool
	threads int
	memory  memoryFlag
	plans   []runtime.Option // from the environment
	help    helpWriter

	speaking sync.Mutex // while a note is written: some tell of progress
}

func newApp(stdin io.Reader, stdout, stderr io.Writer) *app {
	return &app{stdin: stdin, stdout: stdout, stderr: stderr, help: helpWriter{w: stdout}}
}

// helpWriter is standard output for help, whose errors the library that prints it does not
// pass on.
type helpWriter struct {
	w   io.Writer
	err error // the first one
}

func (h *helpWriter) Write(b []byte) (int, error) {
	n, err := h.w.Write(b)
	if h.err == nil {
		h.err = err
	}
	return n, err
}

// command builds the command tree.
func (a *app) command() *cobra.Command {
	version := false
	root := &cobra.Command{
		Use:           "ann2snn",
		Short:         "Turn trained ONNX networks into multi-bit spiking networks",
		Long:          "ann2snn turns trained ONNX networks into multi-bit spiking networks, compares the two\nand runs the result. Begin with: ann2snn demo",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if version && len(args) == 0 {
				return a.printVersion(a.stdout)
			}
			return noCommand(cmd, args)
		},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) (err error) {
			cmd.SetContext(a.withBudget(cmd.Context()))
			if a.threads < 0 {
				return usagef("--threads %d is negative; 0 takes all cores", a.threads)
			}
			a.plans, err = environment.Apply()
			return err
		},
	}
	root.SuggestionsMinimumDistance = 2
	root.SetIn(a.stdin)
	root.SetOut(&a.help)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(helpCommand())
	root.Flags().BoolVar(&version, "version", false, "print the version and what it was built from")
	flags := root.PersistentFlags()
	flags.BoolVar(&a.json, "json", false, "print the result as JSON")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "print nothing but the result, warnings and errors")
	flags.IntVar(&a.threads, "threads", 0, "samples in flight at once (default all cores, for bench one)")
	flags.Var(&a.memory, "max-memory", "memory for what the files ask for, such as 4GB (default three quarters of the machine's; for inspect 16 times the file and 100 MB)")
	root.AddCommand(
		a.benchCommand(),
		a.calibrateCommand(),
		a.compareCommand(),
		a.convertCommand(),
		a.demoCommand(),
		a.doctorCommand(),
		environmentTopic(),
		a.exportCommand(),
		a.inspectCommand(),
		a.runCommand(),
	)
	root.SetUsageFunc(usage)
	completeValues(root)
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completion.Args, completion.RunE = cobra.ArbitraryArgs, noShell
	}
	return root
}

// noCommand is the error of a command line without a known command.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		cmd.SetOut(cmd.ErrOrStderr())
		_ = cmd.Help()
		return usagef("no command given")
	}
	err := usagef("unknown command %q", args[0])
	if s := cmd.SuggestionsFor(args[0]); len(s) > 0 {
		return hintf(err, "did you mean %s?", strings.Join(s, " or "))
	}
	return hintf(err, "ann2snn --help lists the commands")
}

// noShell is the error of completion without a shell that it knows.
func noShell(cmd *cobra.Command, args []string) error {
	var shells []string
	for _, c := range cmd.Commands() {
		shells = append(shells, c.Name())
	}
	return hintf(usagef("completion takes a shell: %s", strings.Join(shells, ", ")), "%s --help says how to use it", cmd.CommandPath())
}

// argsBetween is cobra's check of the number of arguments as a usage error.
func argsBetween(low, high int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < low || len(args) > high {
			takes := strings.TrimPrefix(strings.TrimPrefix(cmd.Use, cmd.Name()), " ")
			if takes == "" {
				takes = "no arguments"
			}
			return hintf(usagef("%s takes %s, got %s", cmd.CommandPath(), takes, eval.Plural(len(args), "argument")),
				"%s --help shows examples", cmd.CommandPath())
		}
		return nil
	}
}

// workers is the number of goroutines to use.
func (a *app) workers() int {
	if a.threads > 0 {
		return a.threads
	}
	return par.Workers()
}

// note tells the user what is going on.
func (a *app) note(format string, args ...any) {
	if !a.quiet {
		a.speaking.Lock()
		defer a.speaking.Unlock()
		fmt.Fprintln(a.stderr, escape.Lines(fmt.Sprintf(format, args...)))
	}
}

// warn tells the user what should not be overlooked.
func (a *app) warn(format string, args ...any) {
	a.speaking.Lock()
	defer a.speaking.Unlock()
	fmt.Fprintln(a.stderr, "warning: "+escape.Lines(fmt.Sprintf(format, args...)))
}

// style describes standard output.
func (a *app) style() report.Style {
	if !isTerminal(a.stdout) {
		return report.Style{}
	}
	return report.Style{Terminal: true, Color: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
