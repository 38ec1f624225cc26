package export

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"ann2snn/export/target"
)

// Write makes the folder dir with the files of an export. It appears under its name only
// when it is complete and check, which gets the path of the finished folder, is content;
// otherwise nothing is left. An existing dir is an error.
func Write(dir string, files []target.File, check func(dir string) error) (err error) {
	if err := CheckDir(dir); err != nil {
		return err
	}
	temp, err := createBeside(dir)
	if err != nil {
		return fmt.Errorf("export: cannot write %s: %w", dir, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(temp))
		}
	}()
	for _, f := range files {
		if err := writeFile(filepath.Join(temp, filepath.FromSlash(f.Name)), f.Data); err != nil {
			return fmt.Errorf("export: cannot write %s: %w", f.Name, err)
		}
	}
	if err := check(temp); err != nil {
		return err
	}
	if err := CheckDir(dir); err != nil {
		return err
	}
	if err := os.Rename(temp, dir); err != nil {
		return fmt.Errorf("export: cannot write %s: %w", dir, err)
	}
	return nil
}

// CheckDir says why no export can be written to dir.
func CheckDir(dir string) error {
	switch _, err := os.Lstat(dir); {
	case err == nil:
		return fmt.Errorf("export: %s exists (try another name, or remove it first)", dir)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("export: cannot write %s: %w", dir, err)
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if info, err := os.Stat(parent); err != nil || !info.IsDir() {
		return fmt.Errorf("export: cannot write %s: there is no folder %s", dir, parent)
	}
	return nil
}

// createBeside makes a temporary folder in dir's parent, so that it can be renamed.
func createBeside(dir string) (string, error) {
	for {
		dir = filepath.Clean(dir)
		name := fmt.Sprintf(".%s.%08x.tmp", filepath.Base(dir), rand.Uint32())
		path := filepath.Join(filepath.Dir(dir), name)
		if err := os.Mkdir(path, 0o777); !errors.Is(err, fs.ErrExist) {
			return path, err
		}
	}
}

// writeFile writes a file, with the folders above it, to the disk.
func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}
