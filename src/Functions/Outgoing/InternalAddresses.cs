using System.Net;
using System.Net.Sockets;

namespace Chard.Functions.Outgoing;

/// <summary>Tells addresses of the public internet from those inside a network, of a machine itself, or of no use to anyone.</summary>
public static class InternalAddresses
{
    /// <summary>IPv4 blocks that are not public: IANA's special-purpose registry, and the address of Azure's platform services.</summary>
    private static readonly (IPNetwork Network, string Kind)[] V4 =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "unspecified"),
        (IPNetwork.Parse("10.0.0.0/8"), "private"),
        (IPNetwork.Parse("100.64.0.0/10"), "carrier-grade NAT"),
        (IPNetwork.Parse("127.0.0.0/8"), "loopback"),
        (IPNetwork.Parse("168.63.129.16/32"), "Azure platform"),
        (IPNetwork.Parse("169.254.0.0/16"), "link-local"),
        (IPNetwork.Parse("172.16.0.0/12"), "private"),
        (IPNetwork.Parse("192.0.0.0/24"), "reserved"),
        (IPNetwork.Parse("192.0.2.0/24"), "documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "6to4 relay"),
        (IPNetwork.Parse("192.168.0.0/16"), "private"),
        (IPNetwork.Parse("198.18.0.0/15"), "benchmarking"),
        (IPNetwork.Parse("198.51.100.0/24"), "documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved"),
    ];

    /// <summary>
    /// IPv6: only 2000::/3 is given out to the public; these blocks of it are not, or carry an IPv4 address that nobody checked.
    /// </summary>
    private static readonly (IPNetwork Network, string Kind)[] V6 =
    [
        (IPNetwork.Parse("2001::/23"), "protocol assignment"),
        (IPNetwork.Parse("2001:db8::/32"), "documentation"),
        (IPNetwork.Parse("2002::/16"), "6to4"),
        (IPNetwork.Parse("3fff::/20"), "documentation"),
    ];

    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>What kind of internal address it is; null if it is public. IPv4 inside of IPv6 (mapped, NAT64) is judged as IPv4.</summary>
    public static string? KindOf(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        IPAddress plain = Plain(address);
        if (plain.AddressFamily == AddressFamily.InterNetwork)
        {
            return Find(V4, plain);
        }

        if (Global.Contains(plain))
        {
            return Find(V6, plain);
        }

        return IPAddress.IsLoopback(plain) ? "loopback"
            : plain.Equals(IPAddress.IPv6Any) ? "unspecified"
            : plain.IsIPv6LinkLocal ? "link-local"
            : plain.IsIPv6UniqueLocal ? "private"
            : plain.IsIPv6Multicast ? "multicast"
            : "reserved";
    }

    /// <summary>The IPv4 address inside a mapped or NAT64 one; any other as it is, without its scope.</summary>
    public static IPAddress Plain(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        byte[] bytes = address.GetAddressBytes();
        return address.IsIPv4MappedToIPv6 || Nat64.Contains(new IPAddress(bytes)) ? new IPAddress(bytes.AsSpan(12)) : new IPAddress(bytes);
    }

    private static string? Find((IPNetwork Network, string Kind)[] blocks, IPAddress address)
    {
        foreach ((IPNetwork network, string kind) in blocks)
        {
            if (network.Contains(address))
            {
                return kind;
            }
        }

        return null;
    }
}
