package export

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"ann2snn/export/target"
	"ann2snn/snn"
)

// Files returns the files of an export. It is an error where the network cannot run or
// the target cannot express it at all; Target.Check lists what would be lost besides.
func Files(t *target.Target, n *snn.Network, o target.Options) ([]target.File, error) {
	if err := CheckName(o.Name); err != nil {
		return nil, err
	}
	if err := n.Verify(); err != nil {
		return nil, fmt.Errorf("export: the network is not valid: %w", err)
	}
	if !n.Integer {
		return nil, errors.New("export: the network computes with float32, exports need integers (try converting to int8 weights)")
	}
	if _, err := n.Ranges(); err != nil {
		return nil, fmt.Errorf("export: the network is not safe to run: %w", err)
	}
	for _, l := range t.Check(n) {
		if l.Fatal {
			return nil, fmt.Errorf("export: target %s cannot express layer %q: %s (%s)", t.Name, l.Layer, l.What, l.Way)
		}
	}
	for i, s := range o.Samples {
		if len(s) != n.Layers[0].Shape.Len() {
			return nil, fmt.Errorf("export: sample %d has %d values, the network takes %d", i, len(s), n.Layers[0].Shape.Len())
		}
	}
	return t.Files(n, o)
}

// Write makes the folder dir with the files of an export. It appears under its name only
// when it is complete and check, which gets the path of the finished folder and may be
// nil, finds nothing wrong; otherwise nothing is left. An existing dir is an error.
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
	if check != nil {
		if err := check(temp); err != nil {
			return err
		}
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
