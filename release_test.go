package ann2snn_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// decodeYAML reads a file, and refuses fields that v does not have.
func decodeYAML(t *testing.T, file string, v any) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := yaml.NewDecoder(f)
	d.KnownFields(true)
	if err := d.Decode(v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// TestRelease: what a release builds and packs is there, for five platforms, and is static. That
// the packages build elsewhere is what TestTargets checks.
func TestRelease(t *testing.T) {
	var release struct {
		Version     int
		ProjectName string `yaml:"project_name"`
		Before      struct{ Hooks []string }
		Builds      []struct {
			Main, Binary string
			Env, Flags   []string
			Ldflags      []string
			ModTimestamp string `yaml:"mod_timestamp"`
			Targets      []string
		}
		Archives []struct {
			NameTemplate    string `yaml:"name_template"`
			Formats         []string
			FormatOverrides []struct {
				Goos    string
				Formats []string
			} `yaml:"format_overrides"`
			Files []string
		}
		Checksum struct {
			NameTemplate string `yaml:"name_template"`
			Algorithm    string
		}
		Sboms     []struct{ Artifacts string }
		Changelog struct{ Disable bool }
		Release   struct{ Draft bool }
	}
	decodeYAML(t, ".goreleaser.yaml", &release)
	b := release.Builds[0]
	if release.Version != 2 || len(b.Targets) != 5 || !slices.Contains(b.Env, "CGO_ENABLED=0") {
		t.Errorf("%d platforms, built with %q", len(b.Targets), b.Env)
	}
	for _, name := range release.Archives[0].Files {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(b.Main, "main.go")); err != nil || b.Binary != release.ProjectName {
		t.Errorf("%s from %s, %v", b.Binary, b.Main, err)
	}
}

// TestCitation: the file has what readers of the format need.
func TestCitation(t *testing.T) {
	type author struct {
		Name       string
		FamilyName string `yaml:"family-names"`
	}
	var citation struct {
		Version                       string `yaml:"cff-version"`
		Message, Title, Type, License string
		Authors                       []author
		Keywords                      []string
		References                    []struct {
			Type, Title string
			Authors     []author
			Year        int
			Notes, URL  string
		}
	}
	decodeYAML(t, "CITATION.cff", &citation)
	licence, err := os.ReadFile("LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	if citation.Version != "1.2.0" || citation.Message == "" || citation.Title == "" || len(citation.Authors) == 0 ||
		citation.License != "Apache-2.0" || !strings.Contains(string(licence), "Apache License") {
		t.Errorf("%+v", citation)
	}
	if !strings.Contains(page(t, "README.md"), strings.TrimPrefix(citation.References[0].Notes, "arXiv ")) {
		t.Error("the README speaks of another paper")
	}
}
