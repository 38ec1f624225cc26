package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"ann2snn/internal/outfile"
)

// checkOutputs fails where a file that is going to be written exists or has no folder,
// so that this shows before the work and not after it.
func checkOutputs(force bool, paths ...string) error {
	for _, path := range paths {
		if path == "" {
			continue
		}
		if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
			return fmt.Errorf("cannot write %s: there is no folder %s", path, filepath.Dir(path))
		}
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return fmt.Errorf("cannot write %s: %w", path, err)
		case info.IsDir():
			return fmt.Errorf("cannot write %s: it is a folder", path)
		case !force:
			return hintf(fmt.Errorf("%s exists", path), "-f overwrites it, another name keeps it")
		}
	}
	return nil
}

// writeFile makes the file at path with what write produces. It appears under its name
// only when it is complete and on the disk; without force it replaces nothing.
func writeFile(path string, force bool, write func(io.Writer) error) error {
	exists := func() error { return checkOutputs(force, path) }
	if err := outfile.Write(path, exists, write); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}
