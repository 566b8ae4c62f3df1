package nftables

import (
	"context"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"

	"conntrail/kubeproxy/objects"
	"k8s.io/kubernetes/pkg/proxy"
	proxyutil "k8s.io/kubernetes/pkg/proxy/util"
	proxyutiltest "k8s.io/kubernetes/pkg/proxy/util/testing"
	netutils "k8s.io/utils/net"
	"sigs.k8s.io/knftables"
)

// nft is the fake of kube-proxy's library. It writes transactions down before they run, for then it puts handles in them.
type nft struct {
	*knftables.Fake
	written strings.Builder
}

func (f *nft) Run(ctx context.Context, tx *knftables.Transaction) error {
	f.written.WriteString(tx.String())
	return f.Fake.Run(ctx, tx)
}

type golden struct {
	*Proxier
	nft *nft
}

func (g golden) Sync() string {
	if err := g.syncProxyRules(); err != nil {
		panic(err)
	}
	defer g.nft.written.Reset()
	return ordered(g.nft.written.String())
}

// ordered puts a transaction into an order that is the same each time: chains by name, the rules of each as they were.
func ordered(transaction string) string {
	lines := strings.SplitAfter(transaction, "\n")
	slices.SortStableFunc(lines, func(a, b string) int { return strings.Compare(place(a), place(b)) })
	return strings.Join(lines, "")
}

// place is what a line is sorted by.
func place(line string) string {
	if words := strings.Fields(line); len(words) > 4 && words[1] == "rule" {
		return strings.Join(words[:5], " ")
	}
	return line
}

// node has one address.
func node(ip string, bits int) *proxyutiltest.FakeNetwork {
	network := proxyutiltest.NewFakeNetwork()
	network.AddInterfaceAddr(&net.Interface{Index: 1, Name: "eth0"}, []net.Addr{
		&net.IPNet{IP: netutils.ParseIPSloppy(ip), Mask: net.CIDRMask(bits, bits)},
	})
	return network
}

func TestConntrail(t *testing.T) {
	objects.Write(t, "nftables", func(s objects.Setup) objects.Proxier {
		fake, p := NewFakeProxier(s.Family)
		nft := &nft{Fake: fake}
		p.nftables = nft
		p.endpointsChanges = proxy.NewEndpointsChangeTracker(s.Family, objects.Node, newEndpointInfo, nil)
		p.nodeName = objects.Node
		p.topologyLabels = objects.Zone
		p.nodeIP = netutils.ParseIPSloppy(s.NodeIP)
		bits, prefix := 32, "/32"
		if s.V6() {
			bits, prefix = 128, "/128"
		}
		p.nodePortAddresses = proxyutil.NewNodePortAddresses(s.Family, []string{s.NodeIP + prefix})
		p.networkInterfacer = node(s.NodeIP, bits)
		p.masqueradeMark = "0x00004000"
		// 1.34 has no such field
		if rule := reflect.ValueOf(p).Elem().FieldByName("masqueradeRule"); rule.IsValid() {
			*(*string)(rule.Addr().UnsafePointer()) = "mark set mark or " + p.masqueradeMark
		}
		p.masqueradeAll = s.MasqueradeAll
		p.localDetector = s.LocalDetector
		p.serviceCIDRs = s.ServiceCIDR
		return golden{p, nft}
	})
}
