package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
)

// enterProject makes the project's folder the working one: it is above that of this module,
// in which "go run -C" starts the program.
func enterProject() error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	for {
		b, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && bytes.HasPrefix(b, []byte("module ann2snn\n")) {
			return os.Chdir(dir)
		}
		up := filepath.Dir(dir)
		if up == dir {
			return errors.New("the project is not above the working folder (try go run -C bench/results .)")
		}
		dir = up
	}
}
