package ann2snn

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed LICENSE go.mod go.sum snn/*.go runtime/*.go
//go:embed internal/arena/*.go internal/budget/*.go internal/engine/*.go internal/engine/spec/*.go internal/engine/u8/*.go
//go:embed internal/facts/*.go internal/kernels/geom/*.go internal/kernels/spike/*.go internal/par/*.go
//go:embed internal/kernels/cpu/*.go internal/kernels/u8/*.go internal/kernels/u8/*.s
var runtimeSources embed.FS

// RuntimeSources returns the source files, by their paths, of package runtime and all that it
// imports of this module, with the licence, go.mod and go.sum: exports carry them, so that they
// build without this module. Tests are left out.
func RuntimeSources() (map[string][]byte, error) {
	files := make(map[string][]byte)
	err := fs.WalkDir(runtimeSources, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path.Base(name), "_test.go") {
			return err
		}
		files[name], err = runtimeSources.ReadFile(name)
		return err
	})
	return files, err
}
