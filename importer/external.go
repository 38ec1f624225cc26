package importer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"ann2snn/internal/budget"
	"ann2snn/internal/infile"
	"ann2snn/internal/pb"
)

// maxRereads is how many times over a file of external data may be read: tensors may
// share bytes, but a small file must not fill the memory.
const maxRereads = 4

// externalData reads the tensors that a model keeps in other files.
type externalData struct {
	dirs   []string         // the model's folder and, where the model is a link, the folder that it leads to
	left   map[string]int64 // bytes that may still be read, by location
	budget *budget.Budget
}

// An extent is a part of a file of external data.
type extent struct {
	location       string // relative to the model's folder
	offset, length int64  // length is -1 where it is not given
}

// read returns the size bytes that entries point to. The file must be in the model's
// folder or below, or a link from there into the folder that the model is a link into.
func (x *externalData) read(entries []*pb.StringStringEntryProto, size int) ([]byte, error) {
	e, err := parseExtent(entries)
	if err != nil {
		return nil, err
	}
	if e.length >= 0 && e.length != int64(size) {
		return nil, fmt.Errorf("external data of %d bytes, but the elements take %d", e.length, size)
	}
	if len(x.dirs) == 0 {
		return nil, fmt.Errorf("external data %q needs the model's folder", e.location)
	}
	if !filepath.IsLocal(e.location) {
		return nil, fmt.Errorf("external data %q is outside the model's folder", e.location)
	}
	dir, name := x.find(e.location)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("external data: %w", err)
	}
	defer func() { _ = root.Close() }()
	return x.readFrom(root, name, e, int64(size))
}

// find returns the folder that a location lies in, of those that it may lie in, and its name
// there. A link counts as what it leads to, and one that leads elsewhere stays in the model's
// folder, where opening it fails. A model that is a link may have its data beside it, or where
// it leads to.
func (x *externalData) find(location string) (dir, name string) {
	for _, from := range x.dirs {
		file, err := filepath.EvalSymlinks(filepath.Join(from, location))
		if err != nil {
			continue
		}
		for _, dir := range x.dirs {
			dir, err := filepath.EvalSymlinks(dir)
			if err != nil {
				continue
			}
			if name, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(name) {
				return dir, name
			}
		}
	}
	return x.dirs[0], location
}

func (x *externalData) readFrom(root *os.Root, name string, e extent, size int64) ([]byte, error) {
	f, err := infile.OpenIn(root, name)
	if err != nil {
		return nil, fmt.Errorf("external data: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("external data: %w", err)
	}
	if e.offset > info.Size() || size > info.Size()-e.offset {
		return nil, fmt.Errorf("external data %q has %d bytes, too few for %d from %d on", e.location, info.Size(), size, e.offset)
	}
	if err := x.spend(e.location, size, info.Size()); err != nil {
		return nil, err
	}
	x.budget.Opened(size)
	if err := x.budget.Ask(size, fmt.Sprintf("external data %q", e.location)); err != nil {
		return nil, err
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(f, e.offset, size), data); err != nil {
		return nil, fmt.Errorf("external data %q: %w", e.location, err)
	}
	return data, nil
}

// ask asks for the memory of a tensor.
func (x *externalData) ask(bytes int64) error {
	if x == nil {
		return nil
	}
	return x.budget.Ask(bytes, "it")
}

// spend counts bytes read against maxRereads times the size of the file.
func (x *externalData) spend(location string, bytes, fileSize int64) error {
	left, known := x.left[location]
	if !known {
		left = maxRereads * fileSize
	}
	if bytes > left {
		return fmt.Errorf("external data %q is read more than %d times over", location, maxRereads)
	}
	x.left[location] = left - bytes
	return nil
}

func parseExtent(entries []*pb.StringStringEntryProto) (extent, error) {
	e := extent{length: -1}
	for _, entry := range entries {
		var err error
		switch entry.GetKey() {
		case "location":
			e.location = filepath.Clean(filepath.FromSlash(entry.GetValue()))
		case "offset":
			e.offset, err = parseBytes(entry.GetValue())
		case "length":
			e.length, err = parseBytes(entry.GetValue())
		}
		if err != nil {
			return e, fmt.Errorf("external data: %s %q is not a number of bytes", word(entry.GetKey()), entry.GetValue())
		}
	}
	if e.location == "" || e.location == "." {
		return e, errors.New("external data without a location")
	}
	return e, nil
}

func parseBytes(s string) (int64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	return int64(n), err
}
