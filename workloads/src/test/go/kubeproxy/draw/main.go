// Command draw draws objects at random, and what they are after a change: draw FOLDER COUNT SEED.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"
)

var families = []v1.IPFamily{v1.IPv4Protocol, v1.IPv6Protocol}

type draw struct{ *rand.Rand }

func (d draw) chance(percent int) bool { return d.IntN(100) < percent }

func one[T any](d draw, of ...T) T { return of[d.IntN(len(of))] }

// service is a Service of an index, which decides about its name and addresses.
func (d draw) service(i int) *v1.Service {
	s := &v1.Service{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Service"}}
	s.Name = "svc" + strconv.Itoa(i)
	if i%7 == 3 {
		s.Name += strings.Repeat("-long", 11)
	}
	s.Namespace = []string{"default", "kube-system", "team-one"}[i%3]
	own := map[v1.IPFamily]string{v1.IPv4Protocol: fmt.Sprintf("10.96.%d.%d", i, i+1), v1.IPv6Protocol: fmt.Sprintf("fd00:10:96::1%02x", i)}
	s.Spec.IPFamilies = [][]v1.IPFamily{families, {families[1], families[0]}, families[:1], families[1:]}[i%4]
	for _, f := range s.Spec.IPFamilies {
		s.Spec.ClusterIPs = append(s.Spec.ClusterIPs, own[f])
	}
	s.Spec.ClusterIP = s.Spec.ClusterIPs[0]
	s.Spec.Type = one(d, v1.ServiceTypeClusterIP, v1.ServiceTypeNodePort, v1.ServiceTypeLoadBalancer)
	internal := one(d, v1.ServiceInternalTrafficPolicyCluster, v1.ServiceInternalTrafficPolicyCluster, v1.ServiceInternalTrafficPolicyLocal)
	s.Spec.InternalTrafficPolicy = &internal
	s.Spec.SessionAffinity = v1.ServiceAffinityNone
	if d.chance(30) {
		s.Spec.SessionAffinity = v1.ServiceAffinityClientIP
		seconds := one(d, int32(10), 10800)
		s.Spec.SessionAffinityConfig = &v1.SessionAffinityConfig{ClientIP: &v1.ClientIPConfig{TimeoutSeconds: &seconds}}
	}
	if d.chance(25) {
		s.Spec.ExternalIPs = []string{fmt.Sprintf("198.51.100.%d", i+1), fmt.Sprintf("2001:db8:1::%x", i+1)}
	}
	outside := s.Spec.Type != v1.ServiceTypeClusterIP
	ports := 1 + d.IntN(3)
	for p := range ports {
		port := v1.ServicePort{Port: int32(80 + 8*p), Protocol: one(d, v1.ProtocolTCP, v1.ProtocolTCP, v1.ProtocolUDP, v1.ProtocolSCTP), TargetPort: intstr.FromInt(8080 + p)}
		if ports > 1 || d.chance(70) {
			port.Name = "p" + strconv.Itoa(p)
		}
		if outside {
			port.NodePort = int32(30000 + 3*i + p)
		}
		s.Spec.Ports = append(s.Spec.Ports, port)
	}
	if outside || len(s.Spec.ExternalIPs) > 0 {
		s.Spec.ExternalTrafficPolicy = one(d, v1.ServiceExternalTrafficPolicyCluster, v1.ServiceExternalTrafficPolicyLocal)
	}
	if s.Spec.Type == v1.ServiceTypeLoadBalancer {
		d.balanced(s, i)
	}
	return s
}

func (d draw) balanced(s *v1.Service, i int) {
	if s.Spec.ExternalTrafficPolicy == v1.ServiceExternalTrafficPolicyLocal {
		s.Spec.HealthCheckNodePort = int32(31000 + i)
	}
	if d.chance(80) {
		for _, ip := range []string{fmt.Sprintf("203.0.113.%d", i+1), fmt.Sprintf("2001:db8:2::%x", i+1)} {
			s.Status.LoadBalancer.Ingress = append(s.Status.LoadBalancer.Ingress, v1.LoadBalancerIngress{IP: ip})
		}
	}
	if d.chance(50) {
		ranges := []string{"10.20.0.0/16", "192.168.0.0/24", "2001:db8:9::/48", "fd00:192:168::/64"}
		d.Shuffle(len(ranges), func(a, b int) { ranges[a], ranges[b] = ranges[b], ranges[a] })
		s.Spec.LoadBalancerSourceRanges = ranges[:1+d.IntN(4)]
	}
}

// slices are the EndpointSlices of a Service: of each family one or two. An address may be twice in one of them; in two at
// once it is not, for which of these kube-proxy takes is chance.
func (d draw) slices(s *v1.Service) (all []any) {
	for _, f := range s.Spec.IPFamilies {
		for n := range 1 + d.IntN(2) {
			slice := &discovery.EndpointSlice{TypeMeta: metav1.TypeMeta{APIVersion: "discovery.k8s.io/v1", Kind: "EndpointSlice"}, AddressType: discovery.AddressType(f)}
			slice.Name = fmt.Sprintf("%s-%s-%d", s.Name, strings.ToLower(string(f)), n)
			slice.Namespace = s.Namespace
			slice.Labels = map[string]string{discovery.LabelServiceName: s.Name}
			for _, p := range s.Spec.Ports {
				number := p.TargetPort.IntVal
				slice.Ports = append(slice.Ports, discovery.EndpointPort{Name: &p.Name, Protocol: &p.Protocol, Port: &number})
			}
			hinted := d.chance(40)
			for range d.IntN(5) {
				slice.Endpoints = append(slice.Endpoints, d.endpoint(f, n, hinted))
			}
			all = append(all, slice)
		}
	}
	return all
}

func (d draw) endpoint(f v1.IPFamily, slice int, hinted bool) discovery.Endpoint {
	node, pod := d.IntN(3), 2+d.IntN(20)+20*slice
	address := fmt.Sprintf("10.244.%d.%d", node, pod)
	if f == v1.IPv6Protocol {
		address = fmt.Sprintf("fd00:10:244:%d::%x", node, pod)
	}
	name := "node-" + string(rune('a'+node))
	terminating := d.chance(20)
	serving := d.chance(85)
	ready := serving && !terminating
	e := discovery.Endpoint{
		Addresses:  []string{address},
		NodeName:   &name,
		Conditions: discovery.EndpointConditions{Ready: &ready, Serving: &serving, Terminating: &terminating},
	}
	if hinted && d.chance(90) {
		e.Hints = &discovery.EndpointHints{ForZones: []discovery.ForZone{{Name: one(d, "z1", "z1", "z2")}}}
		if d.chance(40) {
			e.Hints.ForNodes = []discovery.ForNode{{Name: name}}
		}
	}
	return e
}

// pair is some Services with what belongs to them, and the same after some have changed, gone or come.
func (d draw) pair() (before, after []any) {
	for i := range 2 + d.IntN(6) {
		s := d.service(i)
		old := append([]any{s}, d.slices(s)...)
		now := d.IntN(10)
		if i == 0 { // there is always one
			now %= 7
		}
		switch {
		case now < 3:
			before, after = append(before, old...), append(after, old...)
		case now < 7:
			before = append(before, old...)
			after = append(append(after, s), d.slices(s)...)
		case now == 7:
			before = append(before, old...)
			s = d.service(i)
			after = append(append(after, s), d.slices(s)...)
		case now == 8:
			before = append(before, old...)
		default:
			after = append(after, old...)
		}
	}
	return before, after
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	count, err := strconv.Atoi(os.Args[2])
	must(err)
	seed, err := strconv.ParseUint(os.Args[3], 10, 64)
	must(err)
	d := draw{rand.New(rand.NewPCG(seed, 0))}
	for i := range count {
		before, after := d.pair()
		for ending, items := range map[string][]any{".yaml": before, ".after.yaml": after} {
			text, err := yaml.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": slices.Clip(items)})
			must(err)
			must(os.WriteFile(filepath.Join(os.Args[1], fmt.Sprintf("o%03d%s", i, ending)), text, 0o644))
		}
	}
}
