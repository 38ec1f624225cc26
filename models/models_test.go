package models_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"testing"

	"ann2snn/models"
	"ann2snn/models/glyphs"
)

type file struct {
	File    string  `json:"file"`
	Bytes   int     `json:"bytes"`
	SHA256  string  `json:"sha256"`
	Seed    uint64  `json:"seed"`
	Samples int     `json:"samples"`
	Top1    float64 `json:"top1"`

	Parameters int `json:"parameters"`
}

type manifest struct {
	Licence    string `json:"licence"`
	Preprocess string `json:"preprocess"`
	Training   struct {
		Seed uint64 `json:"seed"`
	} `json:"training"`
	Model   file   `json:"model"`
	Samples []file `json:"samples"`
}

func readManifest(t *testing.T, name string) manifest {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func checkFile(t *testing.T, want file, data []byte) {
	t.Helper()
	if len(data) != want.Bytes {
		t.Errorf("%s: %d bytes, manifest says %d", want.File, len(data), want.Bytes)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want.SHA256 {
		t.Errorf("%s: SHA-256 %x, manifest says %s", want.File, sum, want.SHA256)
	}
}

func TestEmbeddedFilesAgreeWithManifest(t *testing.T) {
	m := readManifest(t, "manifest.json")
	checkFile(t, m.Model, models.Demo())
	total := m.Model.Bytes
	for _, want := range m.Samples {
		data, err := fs.ReadFile(models.Samples(), want.File)
		if err != nil {
			t.Fatal(err)
		}
		checkFile(t, want, data)
		total += len(data)
	}
	if m.Model.Bytes > 400<<10 || total > 1<<20 {
		t.Errorf("demo.onnx has %d bytes of 400 KiB, all files have %d of 1 MiB", m.Model.Bytes, total)
	}
	if m.Licence != "Apache-2.0" || m.Preprocess != models.Preset || m.Model.Top1 <= 97 {
		t.Errorf("licence %q, preprocessing %q, top-1 %v", m.Licence, m.Preprocess, m.Model.Top1)
	}
}

func TestMobileAgreesWithManifest(t *testing.T) {
	m := readManifest(t, "mobile/manifest.json")
	data, err := os.ReadFile("mobile/mobile.onnx")
	if err != nil {
		t.Fatal(err)
	}
	checkFile(t, m.Model, data)
	if m.Licence != "Apache-2.0" || m.Model.Bytes > 700<<10 || m.Model.Parameters < 50_000 || m.Model.Top1 <= 80 {
		t.Errorf("licence %q, %+v", m.Licence, m.Model)
	}
}

// idx returns the elements of an embedded IDX file.
func idx(t *testing.T, name string, header int) []byte {
	t.Helper()
	packed, err := fs.ReadFile(models.Samples(), name)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data[header:]
}

func TestGeneratorReproducesSamples(t *testing.T) {
	for _, f := range readManifest(t, "manifest.json").Samples {
		images, labels := glyphs.Draw(f.Seed, f.Samples)
		want, header := images, 16
		if path.Base(f.File) == "glyphs-labels-idx1-ubyte.gz" {
			want, header = labels, 8
		}
		if !bytes.Equal(idx(t, f.File, header), want) {
			t.Errorf("%s differs from glyphs.Draw(%d, %d)", f.File, f.Seed, f.Samples)
		}
	}
}

func TestSamplesAreNotShared(t *testing.T) {
	m := readManifest(t, "manifest.json")
	seen := map[[sha256.Size]byte]string{}
	count := func(from string, images []byte) {
		for image := range slices.Chunk(images, glyphs.Size*glyphs.Size) {
			sum := sha256.Sum256(image)
			if other, ok := seen[sum]; ok && other != from {
				t.Errorf("an image is both in %s and %s", other, from)
			}
			seen[sum] = from
		}
	}
	training, _ := glyphs.Draw(m.Training.Seed, 2000)
	count("the training data", training)
	for _, folder := range []string{"calibration", "test"} {
		count(folder, idx(t, folder+"/glyphs-images-idx3-ubyte.gz", 16))
	}
}

func TestClasses(t *testing.T) {
	if !slices.Equal(models.Classes(), glyphs.Classes) {
		t.Errorf("classes.txt has %q, the generator draws %q", models.Classes(), glyphs.Classes)
	}
}

func ExampleClasses() {
	classes := models.Classes()
	fmt.Println(len(classes), classes[10])
	// Output: 28 A
}
