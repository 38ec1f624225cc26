package importer

import (
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
)

// externalTensor returns a float tensor w with keys and values of external data.
func externalTensor(elements int64, entries ...string) *pb.TensorProto {
	p := rawTensor("w", pb.TensorProto_FLOAT, nil, elements)
	p.DataLocation = pb.TensorProto_EXTERNAL.Enum()
	for i := 0; i < len(entries); i += 2 {
		p.ExternalData = append(p.ExternalData, &pb.StringStringEntryProto{Key: &entries[i], Value: &entries[i+1]})
	}
	return p
}

// externalFolder returns a model folder with 16 bytes of data, and more beside it.
func externalFolder(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "model")
	data := []byte{0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40} // 1, 2, 3, 4
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	check(os.MkdirAll(filepath.Join(dir, "sub"), 0o755))
	check(os.WriteFile(filepath.Join(dir, "data.bin"), data, 0o600))
	check(os.WriteFile(filepath.Join(dir, "sub", "data.bin"), data, 0o600))
	check(os.WriteFile(filepath.Join(dir, "..", "secret.bin"), data, 0o600))
	check(os.Symlink("../secret.bin", filepath.Join(dir, "escape.bin")))
	check(os.Symlink("data.bin", filepath.Join(dir, "inside.bin")))
	return dir
}

func TestExternalData(t *testing.T) {
	dir := externalFolder(t)
	tests := []struct {
		name string
		w    *pb.TensorProto
		want string
	}{
		{"whole file", externalTensor(4, "location", "data.bin"), "{1, 2, 3, 4}"},
		{"part", externalTensor(2, "location", "data.bin", "offset", "4", "length", "8"), "{2, 3}"},
		{"below", externalTensor(1, "location", "sub/data.bin", "checksum", "ignored"), "{1}"},
		{"link inside", externalTensor(1, "location", "inside.bin", "offset", "12"), "{4}"},
		{"no elements", externalTensor(0, "location", "data.bin", "offset", "16"), "{}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g, err := Parse(t.Context(), marshal(t, with(file(op("y = Add(x, w)")), test.w)), dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := "const %w float32" + g.Type(g.Nodes[0].In[1]).Shape.String() + " = " + test.want + "\n" + `%y = Add(%x, %w) "Y"`
			if got := body(g); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestExternalDataRefused(t *testing.T) {
	dir := externalFolder(t)
	abs := filepath.Join(filepath.Dir(dir), "secret.bin")
	tests := []struct {
		name string
		w    *pb.TensorProto
		want string
	}{
		{"parent", externalTensor(4, "location", "../secret.bin"), `importer: initializer "w": external data "../secret.bin" is outside the model's folder`},
		{"detour", externalTensor(4, "location", "sub/../../secret.bin"), `external data "../secret.bin" is outside the model's folder`},
		{"absolute", externalTensor(4, "location", abs), "is outside the model's folder"},
		{"link outside", externalTensor(4, "location", "escape.bin"), "path escapes from parent"},
		{"folder", externalTensor(4, "location", "sub"), `external data: open sub: is a folder, not a file`},
		{"missing", externalTensor(4, "location", "none.bin"), "no such file"},
		{"no location", externalTensor(4), "external data without a location"},
		{"model folder", externalTensor(4, "location", "."), "external data without a location"},
		{"too short", externalTensor(5, "location", "data.bin"), `external data "data.bin" has 16 bytes, too few for 20 from 0 on`},
		{"far too short", externalTensor(1<<31-1, "location", "data.bin"), "too few for 8589934588"},
		{"offset behind the end", externalTensor(1, "location", "data.bin", "offset", "13"), "too few for 4 from 13 on"},
		{"overflowing offset", externalTensor(1, "location", "data.bin", "offset", "9223372036854775807"), "too few for 4 from 9223372036854775807 on"},
		{"negative offset", externalTensor(1, "location", "data.bin", "offset", "-4"), `external data: offset "-4" is not a number of bytes`},
		{"length is no number", externalTensor(1, "location", "data.bin", "length", "all"), `external data: length "all" is not a number of bytes`},
		{"other length", externalTensor(2, "location", "data.bin", "length", "4"), "external data of 4 bytes, but the elements take 8"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := marshal(t, with(file(op("y = Add(x, w)")), test.w))
			bounded(t, func() {
				_, err := Parse(t.Context(), b, dir, Options{})
				wantError(t, err, test.want)
			})
		})
	}
	_, err := parse(t, with(file(op("y = Add(x, w)")), tests[0].w), Options{})
	wantError(t, err, `external data "../secret.bin" needs the model's folder`)
}

// TestExternalDataReread checks that few bytes cannot fill the memory by being read
// again and again.
func TestExternalDataReread(t *testing.T) {
	dir := externalFolder(t)
	m := file(op("y = Relu(x)"))
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		w := externalTensor(4, "location", "data.bin")
		w.Name = proto.String(name)
		with(m, w)
	}
	_, err := Parse(t.Context(), marshal(t, m), dir, Options{})
	wantError(t, err, `importer: initializer "e": external data "data.bin" is read more than 4 times over`)
}

// TestExternalDataInCache: Hugging Face's cache has the model and its data as links into a folder
// of blobs. Both are read, and nothing else.
func TestExternalDataInCache(t *testing.T) {
	root := t.TempDir()
	snapshot, blobs := filepath.Join(root, "snapshots", "abc", "onnx"), filepath.Join(root, "blobs")
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(os.MkdirAll(snapshot, 0o755))
	check(os.MkdirAll(blobs, 0o755))
	data := []byte{0, 0, 0x80, 0x3f, 0, 0, 0, 0x40}
	link := func(name, to string) {
		t.Helper()
		check(os.Symlink(to, filepath.Join(snapshot, name)))
	}
	for name, location := range map[string]string{
		"model": "model.onnx_data", "beside": "d1", "outside": "out_data", "climbs": "../../../blobs/d1", "absolute": filepath.Join(blobs, "d1"),
	} {
		model := marshal(t, with(file(op("y = Add(x, w)")), externalTensor(2, "location", location)))
		check(os.WriteFile(filepath.Join(blobs, name+"-blob"), model, 0o600))
		link(name+".onnx", "../../../blobs/"+name+"-blob")
	}
	check(os.WriteFile(filepath.Join(blobs, "d1"), data, 0o600))
	check(os.WriteFile(filepath.Join(root, "secret"), data, 0o600))
	link("model.onnx_data", "../../../blobs/d1")
	link("out_data", "../../../secret")
	for name, ok := range map[string]bool{"model": true, "beside": true, "outside": false, "climbs": false, "absolute": false} {
		if _, err := Load(t.Context(), filepath.Join(snapshot, name+".onnx"), Options{}); (err == nil) != ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A model that is no link may not reach its neighbours through one.
	plain, err := os.ReadFile(filepath.Join(snapshot, "model.onnx"))
	check(err)
	check(os.Remove(filepath.Join(snapshot, "model.onnx")))
	check(os.WriteFile(filepath.Join(snapshot, "model.onnx"), plain, 0o600))
	if _, err := Load(t.Context(), filepath.Join(snapshot, "model.onnx"), Options{}); err == nil {
		t.Error("a link out of the folder of a model that is no link is followed")
	}
}
