package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
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
			return hintf(fmt.Errorf("%s exists", path), "-f overwrites it, -o chooses another name")
		}
	}
	return nil
}

// writeFile makes the file at path with what write produces. It appears under its name
// only when it is complete and on the disk; without force it replaces nothing.
func writeFile(path string, force bool, write func(io.Writer) error) (err error) {
	temp, err := createBeside(path)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name())
			err = fmt.Errorf("cannot write %s: %w", path, err)
		}
	}()
	b := bufio.NewWriterSize(temp, 1<<16)
	if err := errors.Join(write(b), b.Flush(), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err := checkOutputs(force, path); err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// createBeside creates a temporary file in path's folder, readable by those whom the
// user's umask allows, which os.CreateTemp would not make it.
func createBeside(path string) (*os.File, error) {
	for {
		name := fmt.Sprintf(".%s.%08x.tmp", filepath.Base(path), rand.Uint32())
		f, err := os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// syncFolder makes a rename in a folder last.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
