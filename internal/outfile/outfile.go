// Package outfile writes files and folders that appear under their names only when they are
// complete and on the disk, so that no interruption leaves half of one behind. What is not
// complete has a hidden name beside the final one, and a lock while its process lives: the
// next writer of the same name removes what a killed process left.
package outfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Check says why nothing can be written to path, before the work whose result it is to take.
// It removes what killed processes left there. replace allows to replace a file, see [Write].
func Check(path string, replace bool) error {
	info, err := os.Lstat(path)
	if to, failed := os.Stat(path); err == nil && failed == nil {
		info = to
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return missing(path, err)
	case info.IsDir():
		return errors.New("it is a folder")
	case !replace:
		return fs.ErrExist
	case !info.Mode().IsRegular() && info.Mode()&fs.ModeSymlink == 0:
		return errors.New("it is no file")
	}
	return checkPlace(path)
}

// CheckFolder is Check for a folder.
func CheckFolder(path string) error {
	path = filepath.Clean(path)
	switch _, err := os.Lstat(path); {
	case err == nil:
		return fs.ErrExist
	case !errors.Is(err, fs.ErrNotExist):
		return missing(path, err)
	}
	return checkPlace(path)
}

// checkPlace tries whether something new can be made beside path.
func checkPlace(path string) error {
	if err := missing(path, nil); err != nil {
		return err
	}
	sweep(path)
	t, err := createFile(path)
	if err != nil {
		return plain(err)
	}
	return t.drop()
}

// missing says that the folder of path is none, where it is, and otherwise what err says.
func missing(path string, err error) error {
	dir := filepath.Dir(path)
	if info, failed := os.Stat(dir); failed != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s", dir)
	}
	return plain(err)
}

// plain leaves names out of an error of the file system: the user knows no hidden ones.
func plain(err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	if l := (*os.LinkError)(nil); errors.As(err, &l) {
		return l.Err
	}
	return err
}

// Write makes the file at path with what write produces. With replace it takes the place of a
// file there is; otherwise such a file is an fs.ErrExist, also where another process makes it
// meanwhile.
func Write(path string, replace bool, write func(io.Writer) error) (err error) {
	sweep(path)
	t, err := createFile(path)
	if err != nil {
		return plain(err)
	}
	defer func() { err = errors.Join(err, t.drop()) }()
	b := bufio.NewWriterSize(t.file, 1<<16)
	if err := write(b); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return plain(err)
	}
	if err := t.file.Sync(); err != nil {
		return plain(err)
	}
	if err := t.publish(path, replace); err != nil {
		return plain(err)
	}
	return syncFolder(filepath.Dir(path))
}

// Folder makes the folder at path with what fill puts into the folder whose name it gets. A
// folder there is an fs.ErrExist.
func Folder(path string, fill func(dir string) error) (err error) {
	path = filepath.Clean(path)
	sweep(path)
	t, err := createFolder(path)
	if err != nil {
		return plain(err)
	}
	defer func() { err = errors.Join(err, t.drop()) }()
	if err := fill(t.path); err != nil {
		return err
	}
	if err := t.publishFolder(path); err != nil {
		return plain(err)
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a new name in a folder last.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
