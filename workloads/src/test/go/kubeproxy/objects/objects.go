// Package objects shows the objects of a folder to proxiers of kube-proxy, and writes down what they make of them.
package objects

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kubernetes/pkg/proxy/config"
	proxyutil "k8s.io/kubernetes/pkg/proxy/util"
	"sigs.k8s.io/yaml"
)

// Node is the name of the node whose proxiers these are.
const Node = "node-a"

// Zone is the label by which a proxier knows its zone.
var Zone = map[string]string{v1.LabelTopologyZone: "z1"}

// Setup is what a proxier is told; the tests of package dataplane tell the same to the rules that are held against it.
type Setup struct {
	Family        v1.IPFamily
	NodeIP        string
	ServiceCIDR   string
	LocalDetector proxyutil.LocalTrafficDetector
	MasqueradeAll bool
}

// V6 is whether it is of IPv6.
func (s Setup) V6() bool { return s.Family == v1.IPv6Protocol }

// Proxier is one of kube-proxy's, with what it writes to.
type Proxier interface {
	config.ServiceHandler
	config.EndpointSliceHandler
	// Sync syncs once, and answers what was written.
	Sync() string
}

// Cleaning is a proxier of a package whose clean-up of one family is a function of its own.
type Cleaning interface {
	// CleanUp removes what is there as CleanupLeftovers does, and answers what was written.
	CleanUp(ctx context.Context) string
}

// Terminating is a proxier that keeps what has connections, and is shown the first objects again after the second.
type Terminating interface {
	// Back syncs once, and answers what was written but for rules, which are those of the first sync.
	Back() string
	// Recheck is what it does once a minute, when all connections have been forgotten.
	Recheck() string
}

type objects struct {
	services map[string]*v1.Service
	slices   map[string]*discovery.EndpointSlice
}

func setup(name string, family v1.IPFamily) Setup {
	s := Setup{Family: family, NodeIP: "192.168.0.2", ServiceCIDR: "10.96.0.0/16", MasqueradeAll: name == "o384"}
	pods := "10.244.0.0/16"
	if s.V6() {
		s.NodeIP, s.ServiceCIDR, pods = "fd00:192:168::2", "fd00:10:96::/112", "fd00:10:244::/48"
	}
	s.LocalDetector = proxyutil.NewDetectLocalByCIDR(pods)
	if name == "o215" {
		s.LocalDetector = proxyutil.NewNoOpLocalDetector()
	}
	return s
}

// Write makes a proxier for each file of the folder $OBJECTS that has another with the objects after a change, and for each
// IP family, and writes what it makes of them to $GOLDEN.
func Write(t *testing.T, mode string, make func(Setup) Proxier) {
	changed, err := filepath.Glob(filepath.Join(os.Getenv("OBJECTS"), "*.after.yaml"))
	if err != nil || len(changed) == 0 {
		t.Fatalf("no objects in $OBJECTS: %v", err)
	}
	for _, file := range changed {
		name := strings.TrimSuffix(filepath.Base(file), ".after.yaml")
		before := read(t, filepath.Join(filepath.Dir(file), name+".yaml"))
		after := read(t, file)
		for family, suffix := range map[v1.IPFamily]string{v1.IPv4Protocol: "", v1.IPv6Protocol: "6"} {
			p := make(setup(name, family))
			show(p, objects{}, before)
			text := "# first sync\n" + p.Sync()
			show(p, before, after)
			text += "# sync\n" + p.Sync()
			if t, ok := p.(Terminating); ok {
				show(p, after, before)
				text += "# sync back\n" + t.Back() + "# recheck\n" + t.Recheck()
			}
			if c, ok := p.(Cleaning); ok {
				text += "# clean-up\n" + c.CleanUp(context.Background())
			}
			Golden(t, name+"."+mode+suffix, text)
		}
	}
}

// Golden writes a file to $GOLDEN.
func Golden(t *testing.T, name, text string) {
	must(t, name, os.WriteFile(filepath.Join(os.Getenv("GOLDEN"), name), []byte(text), 0o644))
}

func read(t *testing.T, file string) objects {
	found := objects{map[string]*v1.Service{}, map[string]*discovery.EndpointSlice{}}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list v1.List
	must(t, file, yaml.Unmarshal(text, &list))
	for _, item := range list.Items {
		var kind metav1.TypeMeta
		must(t, file, yaml.Unmarshal(item.Raw, &kind))
		switch kind.Kind {
		case "Service":
			var s v1.Service
			must(t, file, yaml.UnmarshalStrict(item.Raw, &s))
			found.services[s.Namespace+"/"+s.Name] = &s
		case "EndpointSlice":
			var s discovery.EndpointSlice
			must(t, file, yaml.UnmarshalStrict(item.Raw, &s))
			found.slices[s.Namespace+"/"+s.Name] = &s
		default:
			t.Fatalf("%s: kind %q", file, kind.Kind)
		}
	}
	return found
}

func must(t *testing.T, file string, err error) {
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// show tells a proxier what has changed, as informers do.
func show(p Proxier, before, after objects) {
	for key, s := range after.services {
		if old := before.services[key]; old != nil {
			p.OnServiceUpdate(old, s)
		} else {
			p.OnServiceAdd(s)
		}
	}
	for key, s := range before.services {
		if after.services[key] == nil {
			p.OnServiceDelete(s)
		}
	}
	for key, s := range after.slices {
		if old := before.slices[key]; old != nil {
			p.OnEndpointSliceUpdate(old, s)
		} else {
			p.OnEndpointSliceAdd(s)
		}
	}
	for key, s := range before.slices {
		if after.slices[key] == nil {
			p.OnEndpointSliceDelete(s)
		}
	}
}
