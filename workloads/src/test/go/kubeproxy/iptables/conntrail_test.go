package iptables

import (
	"context"
	"testing"

	"conntrail/kubeproxy/objects"
	"k8s.io/kubernetes/pkg/proxy"
	netutils "k8s.io/utils/net"
)

type golden struct {
	*Proxier
	written *objects.Iptables
}

func (g golden) Sync() string {
	if err := g.syncProxyRules(); err != nil {
		panic(err)
	}
	return objects.Ordered(g.written.Written(), "KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES", "KUBE-PROXY-FIREWALL")
}

func (g golden) CleanUp(ctx context.Context) string {
	if cleanupLeftoversForFamily(ctx, g.written) {
		panic("clean-up failed")
	}
	return objects.Ordered(g.written.Written())
}

func TestConntrail(t *testing.T) {
	objects.Write(t, "iptables", func(s objects.Setup) objects.Proxier {
		ipt := objects.NewIptables(s.V6())
		p := NewFakeProxier(ipt)
		p.endpointsChanges = proxy.NewEndpointsChangeTracker(s.Family, objects.Node, newEndpointInfo, nil)
		p.nodeName = objects.Node
		p.topologyLabels = objects.Zone
		p.nodeIP = netutils.ParseIPSloppy(s.NodeIP)
		p.masqueradeMark = "0x00004000"
		p.masqueradeAll = s.MasqueradeAll
		p.localDetector = s.LocalDetector
		p.localhostNodePorts = !s.V6()
		return golden{p, ipt}
	})
}
