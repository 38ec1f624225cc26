package export

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ann2snn/export/target"
	"ann2snn/internal/outfile"
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
func Write(dir string, files []target.File, check func(dir string) error) error {
	if err := CheckDir(dir); err != nil {
		return err
	}
	var failed error // of check, which speaks for itself
	err := outfile.Folder(dir, func(temp string) error {
		for _, f := range files {
			if err := writeFile(filepath.Join(temp, filepath.FromSlash(f.Name)), f.Data); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
		}
		if check != nil {
			failed = check(temp)
		}
		return failed
	})
	if failed != nil {
		return err
	}
	return unwritable(dir, err)
}

// CheckDir says why no export can be written to dir.
func CheckDir(dir string) error { return unwritable(dir, outfile.CheckFolder(dir)) }

func unwritable(dir string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("export: %s exists (try another name, or remove it first)", dir)
	}
	return fmt.Errorf("export: cannot write %s: %w", dir, err)
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
