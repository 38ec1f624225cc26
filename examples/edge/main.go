// Command edge classifies pictures with the network that is inside it.
//
//	edge [-all] [FILE...]
//
// Files, or standard input, hold pictures of the network's size: PGM or PPM (binary, 8
// bits), IDX, or nothing but pixels, row by row, all colours of a pixel together. A
// network that does not take pictures reads samples as raw little-endian float32. Each
// sample gives a line: the class and its score, or with -all the scores of all classes.
// Without files, at a terminal, it says so.
//
// The environment variable ANN2SNN_KERNEL names the kernels to run on, by default the best.
//
// It imports nothing but runtime, snn and small parts of the standard library: that
// makes a static program of 2 to 2.5 MB in addition to the network.
package main

import (
	"context"
	_ "embed"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"ann2snn/runtime"
	"ann2snn/snn"
)

//go:embed net.snn
var network []byte

const usage = `Classifies pictures with the network that is inside.

  [-all] [FILE...]

Files, or standard input, hold pictures of the network's size: PGM or PPM (binary, 8 bits),
IDX, or nothing but pixels. A network that takes no pictures reads little-endian float32.
Each sample gives its class and score, or with -all the scores of all classes.
`

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		_, _ = os.Stderr.WriteString("error: " + err.Error() + "\n")
		os.Exit(1)
	}
}

func run(args []string, stdin io.Reader, stdout io.Writer) error {
	if asksForHelp(args, stdin) {
		_, err := io.WriteString(stdout, usage)
		return err
	}
	all := len(args) > 0 && args[0] == "-all"
	if all {
		args = args[1:]
	}
	net, err := snn.Decode(network)
	if err != nil {
		return err
	}
	plan, err := runtime.Compile(context.Background(), net, runtime.UseKernels(os.Getenv("ANN2SNN_KERNEL")))
	if err != nil {
		return err
	}
	c := &classifier{
		net: net, all: all, session: plan.NewSession(runtime.SessionOptions{}),
		in: make([]float32, plan.InLen()), out: make([]float32, plan.OutLen()),
	}
	if len(args) == 0 {
		b, err := io.ReadAll(stdin)
		if err != nil {
			return err
		}
		return c.classify("standard input", b, stdout)
	}
	for _, path := range args {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := c.classify(path, b, stdout); err != nil {
			return err
		}
	}
	return nil
}

// asksForHelp reports whether there is nothing to classify: -h, or a terminal where the pictures
// should be.
func asksForHelp(args []string, stdin io.Reader) bool {
	if len(args) > 0 {
		return args[0] == "-h" || args[0] == "-help" || args[0] == "--help"
	}
	file, ok := stdin.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// classifier is the network at work.
type classifier struct {
	net     *snn.Network
	session *runtime.Session
	all     bool // print all scores
	in, out []float32
}

// classify prints a line for each sample of a file.
func (c *classifier) classify(name string, file []byte, stdout io.Writer) error {
	samples, err := split(file, c.net.Layers[0].Shape)
	if err != nil {
		return errors.New(name + ": " + err.Error())
	}
	for _, sample := range samples {
		prepare(c.in, sample)
		if _, err := c.session.Run(context.Background(), c.out, c.in); err != nil {
			return errors.New(name + ": " + err.Error())
		}
		if _, err := io.WriteString(stdout, c.line()); err != nil {
			return err
		}
	}
	return nil
}

// line is what is printed of an answer.
func (c *classifier) line() string {
	if c.all {
		scores := make([]string, len(c.out))
		for i, score := range c.out {
			scores[i] = number(score)
		}
		return strings.Join(scores, " ") + "\n"
	}
	best := 0
	for i, score := range c.out {
		if score > c.out[best] {
			best = i
		}
	}
	class := strconv.Itoa(best)
	if best < len(c.net.Meta.Labels) {
		class = printable(c.net.Meta.Labels[best])
	}
	return class + " " + number(c.out[best]) + "\n"
}

// printable keeps a label from moving the cursor.
func printable(label string) string {
	var s []byte
	for _, r := range label {
		if !strconv.IsPrint(r) {
			r = '?'
		}
		s = utf8.AppendRune(s, r)
	}
	return string(s)
}

func number(x float32) string { return strconv.FormatFloat(float64(x), 'g', -1, 32) }
