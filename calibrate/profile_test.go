package calibrate

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func sampleProfile(t testing.TB) *Profile {
	t.Helper()
	bell := halfNormal(300, 1)
	p := &Profile{
		Schema:     schema,
		SHA256:     strings.Repeat("0f", 32),
		Preprocess: json.RawMessage(`{"preset":"cifar10"}`),
		Samples:    3,
		Seed:       1 << 63,
		Sites:      []Stats{*statsOf(false, bell, scaled(bell, 0)), *statsOf(true, scaled(bell, -1))},
	}
	p.Sites[1].Value = "y"
	if err := p.Choose(context.Background(), percentileMethod, Grid{15, 2, 2}, true, 2); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestProfileRoundTrip(t *testing.T) {
	t.Parallel()
	p := sampleProfile(t)
	var first, second bytes.Buffer
	if _, err := p.WriteTo(&first); err != nil {
		t.Fatal(err)
	}
	got, err := Read(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := got.WriteTo(&second); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("a profile that is read and written changes")
	}
	if !bytes.Equal(got.Preprocess, p.Preprocess) { // a network stores these bytes
		t.Errorf("preprocessing %q becomes %q", p.Preprocess, got.Preprocess)
	}
	if diff := cmp.Diff(p, got); diff != "" {
		t.Errorf("a profile that is read differs:\n%s", diff)
	}
	if s := got.Site("y"); s == nil || !s.Signed || got.Site("z") != nil {
		t.Errorf("Site finds %+v", s)
	}
}

func TestReadRefusesWhatItCannotUse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(p *Profile)
		want   string
	}{
		{"another schema", func(p *Profile) { p.Schema = 2 }, "schema 2, want 1"},
		{"no checksum", func(p *Profile) { p.SHA256 = "xyz" }, "SHA-256"},
		{"no samples", func(p *Profile) { p.Samples = 0 }, "0 samples"},
		{"unknown method", func(p *Profile) { p.Method = "best" }, `no method "best"`},
		{"bad grid", func(p *Profile) { p.Grid.Max = -1 }, "out of range"},
		{"fewer choices", func(p *Profile) { p.Choices = p.Choices[:1] }, "1 choices for 2 sites"},
		{"twice the same site", func(p *Profile) { p.Sites[1].Value = "x" }, `site "x": is listed twice`},
		{"nameless site", func(p *Profile) { p.Sites[1].Value = "" }, "has no name"},
		{"axis", func(p *Profile) { p.Sites[0].Axis = 1 << 40 }, "out of range"},
		{"channels", func(p *Profile) { p.Sites[0].Channels = 1 << 60 }, "do not suit"},
		{"negative channels", func(p *Profile) { p.Sites[0].Channels = -1 }, "do not suit"},
		{"no values", func(p *Profile) { p.Sites[0].Count = 0 }, "out of range"},
		{"minimum above maximum", func(p *Profile) { p.Sites[0].Min[0] = 100 }, "exceeds"},
		{"range beyond the bins", func(p *Profile) { p.Sites[0].Max[0] *= 8 }, "does not suit"},
		{"range of a dead channel", func(p *Profile) { p.Sites[0].Max[1] = 1 }, "does not suit"},
		{"negative side", func(p *Profile) { p.Sites[1].Signed, p.Sites[1].Max[0] = false, 2 }, "unsigned"},
		{"more values than counted", func(p *Profile) { p.Sites[0].Count = 3 }, "of 3 values"},
		{"histogram cut off", func(p *Profile) { p.Sites[0].Histogram = p.Sites[0].Histogram[:9] }, "damaged"},
		{"histogram too long", func(p *Profile) { p.Sites[0].Histogram = append(p.Sites[0].Histogram, 0) }, "follow the last"},
		{"threshold count", func(p *Profile) { p.Choices[0].Threshold = make([]float32, 7) }, "7 thresholds"},
		{"threshold of zero", func(p *Profile) { p.Choices[0].Threshold[1] = 0 }, "not positive"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := sampleProfile(t)
			tt.change(p)
			var b bytes.Buffer
			if _, err := p.WriteTo(&b); err != nil {
				t.Fatal(err)
			}
			if _, err := Read(&b); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestReadRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "{", "[]", "\x89SNN", `{"schema":"1"}`, `{"schema":1,"sites":7}`, "null"} {
		if _, err := Read(strings.NewReader(in)); err == nil {
			t.Errorf("%q was read as a profile", in)
		}
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if _, err := sampleProfile(f).WriteTo(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, in []byte) {
		p, err := Read(bytes.NewReader(in))
		if err != nil {
			return
		}
		if err := p.Choose(context.Background(), mseMethod, Grid{3, 1, 1}, true, 1); err != nil {
			t.Fatalf("a profile that was taken cannot be used: %v", err)
		}
	})
}
