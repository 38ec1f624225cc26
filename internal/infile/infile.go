// Package infile opens the files that the program reads: it is the only opener of them. What
// is no plain file is refused, as reading a pipe may wait forever, reading a device may never
// end, and neither can be read twice.
package infile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"ann2snn/internal/budget"
)

// Open opens a plain file for reading.
func Open(path string) (*os.File, error) {
	return open(path, os.Stat, func() (*os.File, error) { return os.OpenFile(path, os.O_RDONLY|dontWait, 0) })
}

// OpenIn is Open for a file below a root.
func OpenIn(root *os.Root, path string) (*os.File, error) {
	return open(path, root.Stat, func() (*os.File, error) { return root.OpenFile(path, os.O_RDONLY|dontWait, 0) })
}

// open looks before it opens, as opening can be an act of its own on a device, and again
// afterwards, as another file may have the name by then.
func open(path string, stat func(string) (fs.FileInfo, error), do func() (*os.File, error)) (*os.File, error) {
	info, err := stat(path)
	if err != nil {
		return nil, err
	}
	if err := check(path, info); err != nil {
		return nil, err
	}
	f, err := do()
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil {
		err = check(path, info)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// check refuses what is no plain file.
func check(path string, info fs.FileInfo) error {
	way := "try copying what it gives into a file"
	what := "device"
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		what, way = "folder", "try a file in it"
	case mode&fs.ModeNamedPipe != 0:
		what = "pipe"
	case mode&fs.ModeSocket != 0:
		what = "socket"
	}
	return &fs.PathError{Op: "open", Path: path, Err: &KindError{what, way}}
}

// KindError says, in the words after "the path", what is there in place of a file.
type KindError struct{ what, way string }

func (e *KindError) Error() string { return fmt.Sprintf("is a %s, not a file (%s)", e.what, e.way) }

// Read returns the content of a plain file. A file that changes meanwhile is an error, and so
// is one for which the context's budget has no room.
func Read(ctx context.Context, path string) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	b, err := ReadAll(ctx, f, path)
	return b, errors.Join(err, f.Close())
}

// ReadAll is Read for a file that is open. name is what messages call it.
func ReadAll(ctx context.Context, f fs.File, name string) ([]byte, error) {
	before, err := f.Stat()
	if err != nil {
		return nil, err
	}
	budget.From(ctx).Opened(before.Size())
	if err := budget.Ask(ctx, before.Size(), name); err != nil {
		return nil, err
	}
	if before.Size() != int64(int(before.Size())) {
		return nil, fmt.Errorf("%s has %d bytes, more than this machine can address", name, before.Size())
	}
	b := make([]byte, before.Size())
	for at := 0; at < len(b); {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := io.ReadFull(f, b[at:min(len(b), at+chunk)])
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, changed(name)
		}
		if err != nil {
			return nil, err
		}
		at += n
	}
	after, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return nil, changed(name)
	}
	return b, nil
}

// chunk is how many bytes are read between two looks at the context.
const chunk = 16 << 20

func changed(name string) error {
	return fmt.Errorf("%s changed while it was read (try again when nothing writes to it)", name)
}

// DirFS is os.DirFS for plain files and folders.
func DirFS(dir string) fs.FS { return folder{os.DirFS(dir)} }

// folder refuses what is neither a file nor a folder.
type folder struct{ fs.FS }

func (f folder) Open(name string) (fs.File, error) {
	info, err := fs.Stat(f.FS, name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		if err := check(name, info); err != nil {
			return nil, err
		}
	}
	return f.FS.Open(name)
}

// Stat is part of fs.StatFS.
func (f folder) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }
