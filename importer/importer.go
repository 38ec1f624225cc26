package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/budget"
	"ann2snn/internal/infile"
	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// Options say what the file does not.
type Options struct {
	// InputShape gives all axis lengths of graph inputs by name, in place of those in
	// the file, which may be symbolic or missing.
	InputShape map[string][]int

	// KeepUnread keeps nodes that cannot be read as [ir.Foreign], in place of an error.
	KeepUnread bool
}

// Load reads the ONNX file at path; external data is looked for in the same folder and
// below. Where path is a link, links to external data may also lead to the folder that the
// model really lies in, as in the cache of Hugging Face. In the result, graph inputs and constants are typed, and all other values have
// only their names. Symbolic axes of the inputs stay symbolic unless o fixes them.
// Nodes that cannot be translated give an [*UnsupportedError] that lists all of them.
func Load(ctx context.Context, path string, o Options) (*ir.Graph, error) {
	file, err := infile.Read(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("importer: %w", err)
	}
	dirs := []string{filepath.Dir(path)}
	if link, err := os.Lstat(path); err == nil && link.Mode()&os.ModeSymlink != 0 {
		if target, err := filepath.EvalSymlinks(path); err == nil { // a pipe has none
			dirs = append(dirs, filepath.Dir(target))
		}
	}
	g, err := read(ctx, file, dirs, o)
	if err != nil {
		return nil, err
	}
	g.Source.Path = path
	return g, nil
}

// Parse is [Load] for the bytes of a file. External data is looked for in dir; with an
// empty dir a model that needs some is an error.
func Parse(ctx context.Context, file []byte, dir string, o Options) (*ir.Graph, error) {
	if dir == "" {
		return read(ctx, file, nil, o)
	}
	return read(ctx, file, []string{dir}, o)
}

// read is Parse with the folders that external data may lie in.
func read(ctx context.Context, file []byte, dirs []string, o Options) (*ir.Graph, error) {
	proto, err := unmarshal(ctx, file)
	if wants := (*budget.Error)(nil); errors.As(err, &wants) {
		return nil, fmt.Errorf("importer: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotONNX, err)
	}
	m, err := normalise(ctx, proto, dirs, o)
	if err != nil {
		return nil, err
	}
	g, err := translate(ctx, m, o.KeepUnread)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(file)
	g.Source = ir.Source{
		SHA256:   hex.EncodeToString(sum[:]),
		Producer: strings.TrimSpace(proto.GetProducerName() + " " + proto.GetProducerVersion()),
		Opset:    m.opset,
	}
	return g, nil
}

// unmarshal decodes file into messages whose initializers' raw data are slices of file.
func unmarshal(ctx context.Context, file []byte) (*pb.ModelProto, error) {
	weight, err := weighModel(file)
	if err != nil {
		return nil, err
	}
	const further = 2 // for what is made of the messages
	if err := budget.Ask(ctx, further*weight, "the model's list of nodes and parameters"); err != nil {
		return nil, err
	}
	skeleton, raws, err := cut(file)
	if err != nil {
		return nil, err
	}
	m := new(pb.ModelProto)
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(skeleton, m); err != nil {
		return nil, err
	}
	if m.Graph == nil {
		return nil, errors.New("it has no graph")
	}
	if len(m.Graph.Initializer) != len(raws) {
		return nil, errors.New("malformed initializers")
	}
	for i, raw := range raws {
		m.Graph.Initializer[i].RawData = raw
	}
	return m, nil
}
