package dataset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"

	"ann2snn/internal/budget"
	"ann2snn/internal/infile"
)

const (
	// maxSample bounds the values of one sample.
	maxSample = 1 << 28
	// maxInflated bounds what is held of a compressed file, in bytes.
	maxInflated = 1 << 30
	// maxFile bounds files that are read whole, in bytes: pictures and lists of labels.
	maxFile = 1 << 28
)

// tree is the file system a data set lies in.
type tree struct {
	fs.FS
	prefix string         // where the user's path leads, for messages
	budget *budget.Budget // of what is held of files
}

// path returns a file's name as the user would write it.
func (t tree) path(name string) string { return filepath.Join(t.prefix, filepath.FromSlash(name)) }

// blob is a file read at random positions, by several goroutines.
type blob struct {
	io.ReaderAt
	io.Closer
	size   int64
	budget *budget.Budget
}

func (t tree) blob(name string) (*blob, error) {
	f, err := t.Open(name)
	if err != nil {
		return nil, reason(err)
	}
	b, err := t.newBlob(f)
	if err != nil {
		return nil, errors.Join(reason(err), f.Close())
	}
	return b, nil
}

func (t tree) newBlob(f fs.File) (*blob, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	if r, ok := f.(io.ReaderAt); ok {
		return &blob{&unchanged{r, f, info}, f, info.Size(), t.budget}, nil
	}
	data, err := readLimited(f, maxInflated, t.budget)
	if err != nil {
		return nil, err
	}
	return &blob{bytes.NewReader(data), f, int64(len(data)), t.budget}, nil
}

// unchanged reads a file as it was when it was opened: when it has changed since, what was
// found out about it then does not hold, and reading is an error.
type unchanged struct {
	io.ReaderAt
	file fs.File
	info fs.FileInfo
}

func (u *unchanged) ReadAt(buf []byte, at int64) (int, error) {
	n, err := u.ReaderAt.ReadAt(buf, at)
	info, failed := u.file.Stat()
	switch {
	case failed != nil:
		return 0, failed
	case info.Size() != u.info.Size() || !info.ModTime().Equal(u.info.ModTime()):
		return 0, errors.New("the file changed while it was in use (try again when nothing writes to it)")
	}
	return n, err
}

// fill reads buf from r at an offset; less than all of it is an error.
func fill(r io.ReaderAt, buf []byte, at int64) error {
	n, err := r.ReadAt(buf, at)
	if n == len(buf) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return reason(err)
}

// head returns up to n bytes of the start of a file, fewer if it cannot be read.
func (t tree) head(name string, n int64) []byte {
	f, err := t.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, n))
	if err != nil {
		return nil
	}
	return data
}

// read returns a whole file.
func (t tree) read(name string) ([]byte, error) {
	f, err := t.Open(name)
	if err != nil {
		return nil, reason(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > maxFile {
		return nil, fmt.Errorf("longer than %d bytes", maxFile)
	}
	data, err := infile.ReadAll(budget.With(context.Background(), t.budget), f, "a file")
	if err != nil {
		return nil, reason(err)
	}
	return data, nil
}

// readLimited reads to the end, growing with what really comes: what a file says of its
// length may be wrong. What it holds never takes more than half as much again.
func readLimited(r io.Reader, limit int64, b *budget.Budget) ([]byte, error) {
	r = io.LimitReader(r, limit+1)
	data := make([]byte, 0, 1<<16)
	for {
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case int64(len(data)) > limit:
			return nil, fmt.Errorf("longer than %d bytes", limit)
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return nil, err
		case len(data) == cap(data):
			more := cap(data) + cap(data)/2
			if err := b.Ask(int64(more), "what it unpacks to"); err != nil {
				return nil, err
			}
			data = append(make([]byte, 0, more), data...)
		}
	}
}

// files returns the names of a folder's files that keep accepts, sorted, with the
// folder's name before them.
func (t tree) files(dir string, keep func(name string) bool) ([]string, error) {
	entries, err := fs.ReadDir(t, dir)
	if err != nil {
		return nil, reason(err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && keep(e.Name()) {
			names = append(names, path.Join(dir, e.Name()))
		}
	}
	return names, nil
}
