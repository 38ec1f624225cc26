// Package export writes spiking networks for other machines and tools: as C99 for
// microcontrollers, as a Go program, as ONNX or NIR models. It lists the targets, writes
// exports, and verifies them by running them and comparing every answer with package
// runtime.
//
//	c, err := export.ForName("c")
//	files, err := export.Files(c, net, target.Options{Name: "glyphs"})
//	err = export.Write("glyphs_c", files, nil)
package export

import (
	"fmt"
	"slices"
	"strings"

	"ann2snn/export/c99"
	"ann2snn/export/golang"
	"ann2snn/export/nir"
	"ann2snn/export/onnx"
	"ann2snn/export/target"
)

// targets is sorted by name.
var targets = []*target.Target{
	c99.Target,
	golang.Target,
	nir.Target,
	onnx.Float,
	onnx.QDQ,
}

// Targets returns all targets, sorted by name.
func Targets() []*target.Target { return slices.Clone(targets) }

// ForName returns the target of that name.
func ForName(name string) (*target.Target, error) {
	names := make([]string, len(targets))
	for i, t := range targets {
		if t.Name == name {
			return t, nil
		}
		names[i] = t.Name
	}
	return nil, fmt.Errorf("export: no target %q (try one of %s)", name, strings.Join(names, ", "))
}

// CheckName says what is wrong with the name of an export. Targets make identifiers and
// file names of it, so it is a letter and then letters, digits and underscores.
func CheckName(name string) error {
	for i, r := range name {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return fmt.Errorf("export: the name %q is no C identifier: %q cannot stand there", name, r)
		}
	}
	switch {
	case name == "" || len(name) > maxName:
		return fmt.Errorf("export: a name has 1 to %d characters", maxName)
	case slices.Contains(reserved, name):
		return fmt.Errorf("export: the name %q means something in C or C++", name)
	}
	return nil
}

// reserved are words that fit the form of a name but cannot be one.
var reserved = strings.Fields(`
	asm auto bool break case catch char class const continue default delete do double else
	enum explicit export extern false float for friend goto if inline int long main mutable
	namespace new operator private protected public register restrict return short signed
	sizeof static struct switch template this throw true try typedef typename union unsigned
	using virtual void volatile while`)

// maxName keeps identifiers that begin with a name within the 63 characters that C99
// compilers tell apart.
const maxName = 40
