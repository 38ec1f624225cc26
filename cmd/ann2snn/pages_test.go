package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ann2snn/internal/testutil"
)

// These find what pages show as code: lines that are indented or stand in a block, and
// what stands between single backticks; and the flags within.
var (
	codeBlock  = regexp.MustCompile("(?ms)^```.*?^```$|^    .*?$")
	codeInLine = regexp.MustCompile("`([^`\n]+)`")
	flagInCode = regexp.MustCompile(`(?:^| )--([a-z][a-z-]*)`)
)

// TestCommandsOnPages parses every command line of ann2snn that a page shows, and looks up
// the flags that pages name.
func TestCommandsOnPages(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(testutil.Root(), "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(filepath.Join(testutil.Root(), "*", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	for _, path := range append(pages, more...) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range codeBlock.FindAllString(string(b), -1) {
			for line := range strings.Lines(block) {
				commands += checkCommand(t, path, line)
			}
		}
		for _, m := range codeInLine.FindAllStringSubmatch(codeBlock.ReplaceAllString(string(b), ""), -1) {
			if n := checkCommand(t, path, m[1]); n == 1 || foreignProgram(strings.Fields(m[1])[0]) {
				commands += n
				continue
			}
			for _, flag := range flagInCode.FindAllStringSubmatch(m[1], -1) {
				if !hasFlag(flag[1]) {
					t.Errorf("%s: %s: no command has the flag --%s", filepath.Base(path), m[1], flag[1])
				}
			}
		}
	}
	if commands < 10 {
		t.Errorf("found no more than %d commands on the pages", commands)
	}
}

// checkCommand parses a line if it runs ann2snn, and returns how many commands it found.
func checkCommand(t *testing.T, path, line string) int {
	t.Helper()
	args := commandLine(line)
	if args == nil {
		return 0
	}
	if err := parses(args); err != nil {
		t.Errorf("%s: %s: %v", filepath.Base(path), line, err)
	}
	return 1
}

// commandLine returns the arguments of ann2snn on a line, nil if it runs something else.
func commandLine(line string) []string {
	line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
	for _, program := range []string{"ann2snn ", "go run ./cmd/ann2snn "} {
		if rest, ok := strings.CutPrefix(line, program); ok {
			return strings.Fields(rest)
		}
	}
	return nil
}

// foreignProgram tells the first words of command lines that are not ours.
func foreignProgram(word string) bool {
	switch word {
	case "go", "git", "apt-get", "npm", "node", "python3", "make":
		return true
	}
	return false
}

// parses checks a command's name and flags as running it would.
func parses(args []string) error {
	root := newApp(nil, nil, nil).command()
	root.InitDefaultHelpFlag()
	cmd, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	if cmd == root && !strings.HasPrefix(args[0], "-") {
		return usagef("unknown command %q", args[0])
	}
	cmd.InitDefaultHelpFlag()
	return cmd.ParseFlags(rest)
}

// hasFlag tells whether any command has a flag.
func hasFlag(name string) bool {
	root := newApp(nil, nil, nil).command()
	found := name == "help"
	for _, cmd := range append([]*cobra.Command{root}, root.Commands()...) {
		for _, set := range []*pflag.FlagSet{cmd.Flags(), cmd.PersistentFlags()} {
			found = found || set.Lookup(name) != nil
		}
	}
	return found
}
