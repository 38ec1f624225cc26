package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ann2snn"
	"ann2snn/internal/environment"
	"ann2snn/internal/ort"
)

// packageNames are what errors of libraries begin with. Users of the command do not know them.
var packageNames = regexp.MustCompile(`(^|: |\n *)(?:ann2snn|ann|c99|calibrate|convert|dataset|engine|environment|eval|export|fill|fit|golang|hdf5|importer|ir|nir|onnx|onnxfile|ort|outfile|passes|plan|preprocess|runtime|search|snn|spec): `)

// inWords takes the names of packages out of an error.
func inWords(text string) string {
	for {
		less := packageNames.ReplaceAllString(text, "$1")
		if less == text {
			return text
		}
		text = less
	}
}

// inFlags replaces what libraries propose in words by the flags that do it.
var inFlags = strings.NewReplacer(
	"a mode of re-stimulation other than", "a --restim other than",
	"another mode of re-stimulation", "another --restim",
	"re-stimulation none", "--restim none",
	"re-stimulation by refine", "--restim refine",
	"re-stimulation signed", "--restim signed",
	"a smaller rho", "a smaller --rho",
	"weights of int4", "--weights int4",
	"weights of int8", "--weights int8",
	"fewer bits or steps", "fewer --bits or --steps",
	"fewer bits", "fewer --bits",
	"fewer steps", "fewer --steps",
	"one step", "--steps 1",
	"two steps or more", "--steps 2 or more",
	"the input's shape as ", "--input-shape ",
	"the preset ", "--preprocess ",
	"without a crop", "without --crop",
	"without a layout", "without --layout",
	"resizing to ", "--resize ",
	"cropping to ", "--crop ",
	"the target ", "--target ",
	"the task that", "the --task that",
)

// optionFlags are the flags by which options of the library are set.
var optionFlags = map[string]string{
	"Bits": "--bits", "Fit": "--fit", "Format": "--format", "Profile": "--profile", "Restim": "--restim",
	"Rho": "--rho", "Samples": "--calib-samples", "Steps": "--steps", "Weights": "--weights",
}

// byFlag is an error of an option as one of its flag.
func byFlag(err error) error {
	var option *ann2snn.OptionError
	if !errors.As(err, &option) || optionFlags[option.Option] == "" {
		return err
	}
	return usagef("%s %s", optionFlags[option.Option], option.Problem)
}

// flagError says in its own words what is wrong with the flags of a command.
func flagError(cmd *cobra.Command, err error) error {
	help := cmd.CommandPath() + " --help lists the flags"
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		err = usagef("unknown flag -%s", unknown.GetSpecifiedName())
	case errors.As(err, &unknown):
		err = usagef("unknown flag --%s", unknown.GetSpecifiedName())
		if near := nearFlags(cmd, unknown.GetSpecifiedName()); len(near) > 0 {
			help = "did you mean " + strings.Join(near, " or ") + "?"
		}
	case errors.As(err, &missing):
		err = usagef("%s needs a value", dashed(missing.GetSpecifiedName()))
	case errors.As(err, &invalid):
		err = usagef("--%s %q: %w", invalid.GetFlag().Name, invalid.GetValue(), errors.Unwrap(invalid))
	default:
		err = &usageError{err}
	}
	return hintf(err, "%s", help)
}

// dashed is a flag as it is written.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// nearFlags lists the flags of a command that a wrong name may stand for: those that begin like
// it, else those that differ in two letters at most, or in one where there are few.
func nearFlags(cmd *cobra.Command, wrong string) []string {
	var begin, near []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		switch {
		case f.Hidden:
		case strings.HasPrefix(f.Name, wrong) || strings.HasPrefix(wrong, f.Name):
			begin = append(begin, "--"+f.Name)
		case distance(f.Name, wrong) <= 2 && len(wrong) > 4, distance(f.Name, wrong) == 1 && len(wrong) > 2:
			near = append(near, "--"+f.Name)
		}
	})
	if len(begin) > 0 {
		return begin
	}
	return near
}

// distance is how many letters have to be added, dropped or changed to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1) // distances of the part of a so far from each beginning of b
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := last
			if a[i] != b[j] {
				changed++
			}
			last = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// helpCommand is cobra's, but for its exit code where there is no such command.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Help about any command",
		Args:  argsBetween(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			about, _, err := cmd.Root().Find(args)
			if err != nil || len(args) > 0 && about == cmd.Root() {
				return noCommand(cmd.Root(), args)
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

// environmentTopic is what help says about the variables that the program reads.
func environmentTopic() *cobra.Command {
	return &cobra.Command{
		Use:   "environment",
		Short: "Show the environment variables that the program reads",
		Args:  argsBetween(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), cmd.Long)
			return err
		},
		Long: environment.Help() + `

` + ort.Variable + ` is the folder where npm installed onnxruntime-node, which export --verify runs for the
target onnx; without it that is looked for in the working folder and above.
NO_COLOR, if not empty, and TERM=dumb leave colours out.
GOGC and GOMEMLIMIT are those of Go: they decide how hard memory is saved where they are
set, in place of the program; --max-memory bounds what files may ask for.`,
	}
}
