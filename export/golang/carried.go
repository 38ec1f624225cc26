package golang

import (
	"errors"
	"maps"
	"path"
	"slices"
	"strings"

	"ann2snn/export/target"
)

// runtimeFolder is where an export carries the runtime, as a module of its own: so it builds
// wherever it is, and its packages keep their names.
const runtimeFolder = "ann2snn"

// systemModule is the only module beside this one that the runtime needs: it tells what a
// processor has. Without vector kernels it is not needed.
const systemModule = "golang.org/x/sys"

// dependencies are what go.mod and go.sum of an export say.
type dependencies struct {
	Go      string   // the version of the language
	Module  string   // systemModule
	Version string   // of it
	Sums    []string // the lines about it
}

// dependenciesOf reads them from the files of this module.
func dependenciesOf(sources map[string][]byte) (*dependencies, error) {
	d := &dependencies{Module: systemModule}
	for line := range strings.Lines(string(sources["go.mod"])) {
		switch words := strings.Fields(line); {
		case len(words) == 2 && words[0] == "go":
			d.Go = words[1]
		case len(words) >= 2 && words[0] == systemModule:
			d.Version = words[1]
		}
	}
	for line := range strings.Lines(string(sources["go.sum"])) {
		if strings.HasPrefix(line, systemModule+" "+d.Version+" ") || strings.HasPrefix(line, systemModule+" "+d.Version+"/") {
			d.Sums = append(d.Sums, strings.TrimSpace(line))
		}
	}
	if d.Go == "" || d.Version == "" || len(d.Sums) != 2 {
		return nil, errors.New("golang: go.mod and go.sum do not say what the runtime needs")
	}
	return d, nil
}

// runtimeFiles are the sources of the runtime, in the order of their names. What says how this
// module is built is left out: the carried one has its own.
func runtimeFiles(sources map[string][]byte) []target.File {
	var all []target.File
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		if name != "go.mod" && name != "go.sum" {
			all = append(all, target.File{Name: path.Join(runtimeFolder, name), Data: sources[name]})
		}
	}
	return all
}
