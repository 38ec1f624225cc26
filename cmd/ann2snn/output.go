package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"ann2snn/internal/outfile"
)

// checkOutputs fails where a file that is going to be written exists or cannot be made, so
// that this shows before the work and not after it.
func checkOutputs(force bool, paths ...string) error {
	for _, path := range paths {
		if path == "" {
			continue
		}
		if err := outfile.Check(path, force); err != nil {
			return unwritable(path, err)
		}
	}
	return nil
}

// writeFile makes the file at path with what write produces. It appears under its name
// only when it is complete and on the disk; without force it replaces nothing.
func writeFile(path string, force bool, write func(io.Writer) error) error {
	if err := outfile.Write(path, force, write); err != nil {
		return unwritable(path, err)
	}
	return nil
}

func unwritable(path string, err error) error {
	if errors.Is(err, fs.ErrExist) {
		return hintf(fmt.Errorf("%s exists", path), "-f overwrites it, another name keeps it")
	}
	return fmt.Errorf("cannot write %s: %w", path, err)
}
