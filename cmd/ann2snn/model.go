package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"ann2snn"
	"ann2snn/ir"
)

// modelFlags say how to read an ONNX file.
type modelFlags struct {
	shapes []string
	dump   string
	output string // of the model
	survey bool   // nodes that cannot be read are described
}

func (f *modelFlags) register(fs *pflag.FlagSet) {
	fs.StringArrayVar(&f.shapes, "input-shape", nil, "shape of an input whose axes the model leaves open, as `NAME=1,3,224,224` (repeatable)")
	fs.StringVar(&f.output, "output", "", "`name` of the model's output to take, where it has several (default the first)")
	fs.StringVar(&f.dump, "dump-ir", "", "write the graph after each pass to this `folder`")
}

// load reads an ONNX file and simplifies its graph.
func (f *modelFlags) load(ctx context.Context, path string) (*ann2snn.Model, error) {
	if err := f.expected(path); err != nil {
		return nil, err
	}
	shapes, err := parseShapes(f.shapes)
	if err != nil {
		return nil, err
	}
	o := ann2snn.LoadOptions{InputShape: shapes, Output: f.output, Survey: f.survey}
	if f.dump != "" {
		if err := os.MkdirAll(f.dump, 0o777); err != nil {
			return nil, fmt.Errorf("--dump-ir: cannot make the folder %w", fileError(f.dump, err))
		}
		o.AfterPass = f.write
	}
	m, err := ann2snn.Load(ctx, path, o)
	if errors.Is(err, ann2snn.ErrOutput) {
		return nil, hintf(&usageError{err}, "--output names an output of the model; -o names the file to write, where there is one")
	}
	if err != nil {
		return nil, notModel(path, err)
	}
	return m, nil
}

// expected checks what can be checked before the file is read.
func (f *modelFlags) expected(path string) error {
	if _, err := parseShapes(f.shapes); err != nil {
		return err
	}
	return expect(path, kindModel)
}

// write puts the graph after a pass into a file of its own; those of an earlier dump
// are replaced.
func (f *modelFlags) write(step int, name string, g *ir.Graph) error {
	path := filepath.Join(f.dump, fmt.Sprintf("%02d-%s.ir", step, name))
	return writeFile(path, true, func(w io.Writer) error { return g.WriteSummary(w) })
}

// parseShapes reads NAME=1,3,224,224.
func parseShapes(list []string) (map[string][]int, error) {
	shapes := make(map[string][]int, len(list))
	for _, s := range list {
		name, dims, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return nil, usagef("--input-shape %q is not NAME=1,3,224,224", s)
		}
		shape := []int{}
		for _, d := range strings.Split(dims, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(d))
			if err != nil || n < 1 {
				return nil, usagef("--input-shape %q: %q is not a positive axis length", s, d)
			}
			shape = append(shape, n)
		}
		shapes[name] = shape
	}
	return shapes, nil
}

// stem is a file's name without folder and extension.
func stem(path string) string {
	base := filepath.Base(path)
	return strings.TrimSuffix(base, filepath.Ext(base))
}
