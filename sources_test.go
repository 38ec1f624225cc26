package ann2snn_test

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"ann2snn"
)

// TestRuntimeSources: the sources are those of the packages that the go command lists, on all
// processors, with every tag.
func TestRuntimeSources(t *testing.T) {
	files, err := ann2snn.RuntimeSources()
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for name := range files {
		if dir := path.Dir(name); dir != "." && !slices.Contains(have, dir) {
			have = append(have, dir)
		}
		if strings.HasSuffix(name, "_test.go") {
			t.Errorf("%s is a test", name)
		}
	}
	var want []string
	for _, arch := range []string{"amd64", "arm64", "arm", "riscv64"} {
		for _, tags := range []string{"", "lean", "purego", "lean,purego"} {
			list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", tags, "-f", `{{range .GoFiles}}{{$.ImportPath}}/{{.}} {{end}}{{range .SFiles}}{{$.ImportPath}}/{{.}} {{end}}`, "./runtime")
			list.Env = append(list.Environ(), "GOARCH="+arch, "CGO_ENABLED=0")
			out, err := list.Output()
			if err != nil {
				t.Fatal(err)
			}
			for file := range strings.FieldsSeq(string(out)) {
				name, ours := strings.CutPrefix(file, "ann2snn/")
				if !ours {
					continue
				}
				if files[name] == nil {
					t.Errorf("%s is missing (%s, tags %q)", name, arch, tags)
				}
				if dir := path.Dir(name); !slices.Contains(want, dir) {
					want = append(want, dir)
				}
			}
		}
	}
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(have, want) {
		t.Errorf("sources of %q, want those of %q", have, want)
	}
	for _, name := range []string{"LICENSE", "go.mod", "go.sum"} {
		if files[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
}
